// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.lettuce.core.RedisURI;
import io.mecha.benchmarks.load.OtherJvm;
import io.mecha.benchmarks.redis.RedisStores;
import io.mecha.state.KeyValueStore;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A store behind HTTP: the leanest sidecar that can be.
 *
 * <p>It has no routes, filters, security or telemetry. Each connection has a thread of its own, which reads the request,
 * calls the store and writes the answer, so that nothing is handed from thread to thread.
 */
public final class HopServer {

    private static final int CONNECTIONS = 64;
    private static final int BODY = 1 << 20;

    private HopServer() {}

    /** Serve the Redis at the port that the first argument names until standard input ends. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        RedisURI redis = RedisURI.create("127.0.0.1", Integer.parseInt(arguments[0]));
        EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        EventLoopGroup connections = new MultiThreadIoEventLoopGroup(CONNECTIONS, NioIoHandler.newFactory());
        try (RedisStores stores = new RedisStores(redis)) {
            KeyValueStore<byte[]> store = stores.store(byte[].class);
            Channel channel = new ServerBootstrap()
                    .group(acceptor, connections)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel connection) {
                            connection
                                    .pipeline()
                                    .addLast(
                                            new HttpServerCodec(),
                                            new HttpObjectAggregator(BODY),
                                            new HopHandler(store));
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            OtherJvm.serve(Integer.toString(((InetSocketAddress) channel.localAddress()).getPort()));
        } finally {
            Future<?> acceptorStops = acceptor.shutdownGracefully();
            Future<?> connectionsStop = connections.shutdownGracefully();
            acceptorStops.await();
            connectionsStop.await();
        }
    }
}
