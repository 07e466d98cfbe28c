// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A class loader that shares nothing but the JDK with that of the tests, as a JVM that has just started, and knows what it loaded. */
public final class OwnClassLoader extends URLClassLoader {

    private final Set<String> found = ConcurrentHashMap.newKeySet();

    public OwnClassLoader() {
        super(
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(OwnClassLoader::url)
                        .toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> type = super.findClass(name);
        found.add(name);
        return type;
    }

    /** Return the names of the classes that were loaded. */
    public Set<String> found() {
        return found;
    }

    /** Run code whose classes are loaded here; it has a public constructor without parameters. */
    public void run(Class<? extends Runnable> code) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            loadClass(code.getName())
                    .asSubclass(Runnable.class)
                    .getDeclaredConstructor()
                    .newInstance()
                    .run();
        } finally {
            thread.setContextClassLoader(usual);
        }
    }
}
