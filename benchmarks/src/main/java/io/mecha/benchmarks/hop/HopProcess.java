// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.lettuce.core.RedisURI;
import io.mecha.benchmarks.load.CpuMeter;
import io.mecha.benchmarks.load.OtherJvm;
import java.io.IOException;
import java.net.URI;

/** Another JVM that runs {@link HopServer}. */
final class HopProcess implements AutoCloseable {

    private final OtherJvm jvm;

    private HopProcess(OtherJvm jvm) {
        this.jvm = jvm;
    }

    static HopProcess start(RedisURI redis) throws IOException {
        return new HopProcess(OtherJvm.start(HopServer.class, "512m", Integer.toString(redis.getPort())));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + jvm.address() + "/");
    }

    CpuMeter cpu() {
        return jvm.cpu("hop");
    }

    @Override
    public void close() throws IOException {
        jvm.close();
    }
}
