// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.binding.SendException;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.StateContentionException;
import io.mecha.state.StateUnavailableException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The failures of the shop as problem details (RFC 9457). */
@RestControllerAdvice
final class Problems {

    static ErrorResponseException badRequest(String detail) {
        return problem(HttpStatus.BAD_REQUEST, detail);
    }

    static ErrorResponseException notFound(String what) {
        return problem(HttpStatus.NOT_FOUND, "There is no %s.".formatted(what));
    }

    static ErrorResponseException conflict(String detail) {
        return problem(HttpStatus.CONFLICT, detail);
    }

    static ErrorResponseException preconditionFailed(String detail) {
        return problem(HttpStatus.PRECONDITION_FAILED, detail);
    }

    private static ErrorResponseException problem(HttpStatus status, String detail) {
        return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }

    @ExceptionHandler
    ProblemDetail keyOrPageIsInvalid(InvalidStateRequestException failure) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, failure.problem());
    }

    @ExceptionHandler
    ProblemDetail everybodyWantsTheSame(StateContentionException failure) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, failure.problem());
    }

    @ExceptionHandler
    ProblemDetail warehouseIsNotTold(SendException failure) {
        ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.SERVICE_UNAVAILABLE);
        problem.setDetail("The order is written, but the warehouse does not know it yet; place it again later.");
        problem.setProperty("code", failure.code());
        return problem;
    }

    // tag::unavailable[]
    @ExceptionHandler
    ProblemDetail storeIsAway(StateUnavailableException failure) {
        ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.SERVICE_UNAVAILABLE);
        problem.setDetail(failure.mayHaveHappened() ? "Look before you try again." : "Try again later.");
        problem.setProperty("code", failure.code());
        return problem;
    }
    // end::unavailable[]
}
