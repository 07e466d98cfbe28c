// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.ToByteBufEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The codec of keys as UTF-8 and values with their header, straight into the buffer that is sent. */
final class StoredValueCodec implements RedisCodec<String, StoredValue>, ToByteBufEncoder<String, StoredValue> {

    static final StoredValueCodec INSTANCE = new StoredValueCodec();

    private StoredValueCodec() {}

    @Override
    public String decodeKey(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public StoredValue decodeValue(ByteBuffer bytes) {
        return StoredValue.decode(bytes);
    }

    @Override
    public ByteBuffer encodeKey(String key) {
        return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer encodeValue(StoredValue value) {
        ByteBuf target = Unpooled.buffer(value.size());
        value.encode(target);
        return target.nioBuffer();
    }

    @Override
    public void encodeKey(String key, ByteBuf target) {
        ByteBufUtil.writeUtf8(target, key);
    }

    @Override
    public void encodeValue(StoredValue value, ByteBuf target) {
        value.encode(target);
    }

    @Override
    public int estimateSize(Object keyOrValue) {
        return keyOrValue instanceof StoredValue value ? value.size() : ByteBufUtil.utf8Bytes((String) keyOrValue);
    }

    @Override
    public boolean isEstimateExact() {
        return true;
    }
}
