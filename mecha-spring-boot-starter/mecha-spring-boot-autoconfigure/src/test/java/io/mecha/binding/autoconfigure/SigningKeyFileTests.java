// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.spi.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SigningKeyFileTests {

    @TempDir
    private Path parent;

    private Path directory() {
        return parent.resolve("data");
    }

    private Path file() {
        return directory().resolve("bindings-signing.key");
    }

    private SigningKeyFile open() {
        return new SigningKeyFile(directory(), () -> true);
    }

    private SigningKeys keys() {
        return SigningKeys.kept(open()::key, List.of());
    }

    private Path written(byte[] bytes, String permissions) throws IOException {
        Files.createDirectories(directory());
        Files.write(file(), bytes);
        return Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));
    }

    @Test
    void verifiesAfterARestartWhatItSignedBefore() throws IOException {
        byte[] text = "what is signed".getBytes(StandardCharsets.UTF_8);
        byte[] signature = keys().sign(text);

        assertThat(keys().verify(signature, text)).isTrue();
        assertThat(keys().verify(signature, "another text".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(open().check()).isEmpty();
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void makesNoDirectoryForMessagesThatEndWithTheJvm() {
        SigningKeyFile unwanted = new SigningKeyFile(directory(), () -> false);

        assertThat(unwanted.check()).isEmpty();
        assertThat(unwanted.key()).hasSize(SigningKeys.RANDOM_BYTES).isNotEqualTo(unwanted.key());
        assertThat(directory()).doesNotExist();
    }

    @Test
    void givesAllThatBeginTogetherTheSameKey() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> opening = () -> HexFormat.of().formatHex(open().key());
            Set<String> keys = new HashSet<>();
            for (Future<String> key :
                    threads.invokeAll(Stream.generate(() -> opening).limit(16).toList())) {
                keys.add(key.get());
            }
            assertThat(keys).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesAFileThatIsNotWhatItMade() throws IOException {
        written(SigningKeys.random(), "rw----r--");
        assertThat(problem()).contains("others than its owner may read or write it");

        written(new byte[31], "rw-------");
        assertThat(problem()).contains("it has not 32 bytes").contains(file().toString());

        Files.delete(file());
        Files.createDirectory(file());
        assertThat(problem()).contains("it is no regular file");

        Files.delete(file());
        Files.createSymbolicLink(file(), parent.resolve("elsewhere"));
        assertThat(problem()).contains("it is no regular file");
    }

    @Test
    void takesAwayWhatTheGroupWasAllowedAtAMount() throws IOException {
        byte[] key = SigningKeys.random();
        written(key, "rw-rw----");

        assertThat(open().check()).isEmpty();

        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(open().key()).isEqualTo(key);
    }

    private String problem() {
        return open().check()
                .map((mistake) -> mistake.code() + " " + mistake.property() + " " + mistake.problem())
                .orElse("");
    }

    @Test
    void signsWithAKeyOfItsOwnWhereItCannotKeepOne(CapturedOutput output) throws IOException {
        Files.write(directory(), new byte[0]); // no directory

        assertThat(open().key()).hasSize(SigningKeys.RANDOM_BYTES);

        assertThat(output)
                .containsOnlyOnce("cannot be kept in '" + file())
                .contains("Set mecha.bindings.signing-key, or a mecha.data-directory that can be written");
    }

    @Test
    void reportsAnUnusableFileAtTheStartUnlessAKeyIsConfigured() throws IOException {
        written(new byte[3], "rw-------");
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, BindingAutoConfiguration.class))
                .withPropertyValues("mecha.data-directory=" + directory());

        runner.run((context) -> assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContaining("MECHA-B106")
                .hasMessageContaining("mecha.data-directory")
                .hasMessageContaining("Restore the file, or delete it"));
        runner.withPropertyValues("mecha.bindings.signing-key=a secret of all nodes")
                .run((context) -> assertThat(context).hasNotFailed());
    }
}
