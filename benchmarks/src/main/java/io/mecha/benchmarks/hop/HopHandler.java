// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.mecha.state.KeyValueStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Answers {@code GET} and {@code PUT}; the path after the slash is the key. */
final class HopHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private final KeyValueStore<byte[]> store;

    HopHandler(KeyValueStore<byte[]> store) {
        this.store = store;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        String key = request.uri().substring(1);
        ChannelFuture unused =
                context.writeAndFlush(HttpMethod.PUT.equals(request.method()) ? put(key, request) : get(key));
    }

    private FullHttpResponse get(String key) {
        return store.get(key)
                .map(value -> response(HttpResponseStatus.OK, Unpooled.wrappedBuffer(value)))
                .orElseGet(() -> response(HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER));
    }

    private FullHttpResponse put(String key, FullHttpRequest request) {
        String version = store.put(key, ByteBufUtil.getBytes(request.content()));
        FullHttpResponse response = response(HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
        response.headers().set(HttpHeaderNames.ETAG, version);
        return response;
    }

    private static FullHttpResponse response(HttpResponseStatus status, ByteBuf body) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return response;
    }
}
