// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Operations that tests call with keys; each counts how often it runs. */
@RestController
@RequestMapping("/payments")
class Payments {

    private final AtomicInteger runs = new AtomicInteger();
    private final Ledger ledger;
    private volatile @Nullable CountDownLatch gate;

    Payments(Ledger ledger) {
        this.ledger = ledger;
    }

    int runs() {
        return runs.get();
    }

    void reset() {
        runs.set(0);
    }

    /** Lets payments wait until it is opened. */
    CountDownLatch close() {
        CountDownLatch closed = new CountDownLatch(1);
        gate = closed;
        return closed;
    }

    record Payment(String to, int amount) {}

    @PostMapping
    @Idempotent
    ResponseEntity<Payment> pay(@RequestBody Payment payment, HttpServletResponse response) throws Exception {
        int run = runs.incrementAndGet();
        CountDownLatch closed = gate;
        if (closed != null) {
            closed.await();
            gate = null;
        }
        response.addCookie(new Cookie("session", "secret"));
        return ResponseEntity.created(URI.create("/payments/" + run))
                .header("X-Run", "" + run)
                .body(payment);
    }

    @PatchMapping("/text")
    @Idempotent(required = false)
    String text(@RequestBody String text) {
        return text.length() + " characters, run " + runs.incrementAndGet();
    }

    @PutMapping
    @Idempotent
    int put() {
        return runs.incrementAndGet();
    }

    @PostMapping("/form")
    @Idempotent
    String form(@RequestParam String to) {
        return to + runs.incrementAndGet();
    }

    @PostMapping("/file")
    @Idempotent
    String file(@RequestParam MultipartFile file) {
        return file.getSize() + " bytes, run " + runs.incrementAndGet();
    }

    @PostMapping("/status")
    @Idempotent
    void status(@RequestParam int status, HttpServletResponse response) {
        runs.incrementAndGet();
        response.setStatus(status);
    }

    @PostMapping("/missing")
    @Idempotent
    void missing() {
        runs.incrementAndGet();
        throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no such account");
    }

    @PostMapping("/booked")
    @Idempotent
    @Transactional
    public ResponseEntity<String> book(@RequestParam String to) {
        ledger.insert(to);
        runs.incrementAndGet();
        if (to.equals("nobody")) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "nobody has no account");
        }
        if (to.equals("kettle")) {
            throw new IllegalStateException("kettle");
        }
        if (to.equals("header")) {
            return ResponseEntity.ok().header("X-Large", "x".repeat(5_000)).body("booked");
        }
        return ResponseEntity.ok(to.equals("large") ? "x".repeat(5_000) : "booked for " + to);
    }

    /** Something in its transaction demands the rollback, and it answers as if nothing had happened. */
    @PostMapping("/undone")
    @Idempotent
    @Transactional
    public ResponseEntity<String> undo(@RequestParam int status, @RequestParam boolean wanted) {
        ledger.insert("undone");
        runs.incrementAndGet();
        if (wanted) {
            TransactionInterceptor.currentTransactionStatus().setRollbackOnly();
        } else {
            try {
                ledger.refuse();
            } catch (IllegalStateException ignored) {
                return ResponseEntity.status(status).body("ignored");
            }
        }
        return ResponseEntity.status(status).body("run " + runs.get());
    }

    /** Its ledger commits before it has an answer. */
    @PostMapping("/noted")
    @Idempotent
    Map<String, String> note(@RequestParam String to) {
        runs.incrementAndGet();
        ledger.book(to);
        if (to.equals("teapot")) {
            throw new IllegalStateException("teapot");
        }
        return Map.of("to", to);
    }

    @PostMapping("/large")
    @Idempotent
    String large() {
        return "y".repeat(5_000 + runs.incrementAndGet());
    }

    @PostMapping("/header")
    @Idempotent
    ResponseEntity<String> header() {
        return ResponseEntity.ok().header("X-Large", "x".repeat(5_000)).body("run " + runs.incrementAndGet());
    }

    @PostMapping("/stream")
    StreamingResponseBody stream() {
        return (out) -> out.write(runs.incrementAndGet());
    }

    @PostMapping("/plain")
    @ResponseStatus(HttpStatus.ACCEPTED)
    int plain() {
        return runs.incrementAndGet();
    }

    /** A table of payments. */
    @Component
    static class Ledger {

        private final JdbcTemplate jdbc;

        Ledger(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("create table if not exists ledger (payee varchar(100))");
        }

        @Transactional
        public void book(String to) {
            insert(to);
        }

        @Transactional
        public void refuse() {
            throw new IllegalStateException("refused");
        }

        void insert(String to) {
            jdbc.update("insert into ledger values (?)", to);
        }

        int count(String to) {
            return jdbc.queryForObject("select count(*) from ledger where payee = ?", Integer.class, to);
        }
    }
}
