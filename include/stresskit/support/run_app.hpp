#pragma once

#include "stresskit/support/error.hpp"

#include <functional>
#include <stop_token>
#include <string_view>

namespace stresskit::support {

/// Runs a program's body and turns every ending into an exit code.
///
/// * The first SIGINT or SIGTERM requests a stop on the token; the body ends in its own time.
/// * A second SIGINT, 200 ms or more after, ends the process at once with exit code 130. Files are
///   only ever replaced whole, so they stay readable.
/// * An `Error` becomes one line on standard error ("provision: ...") and its exit code; any other
///   exception becomes the same with exit code 1. A `Done` ends with 0 and says nothing.
/// * A crash leaves no core file, because memory holds passwords and tokens.
/// * SIGPIPE is ignored: a closed pipe is an error of the write that meets it.
///
/// Signals are blocked in every thread and taken by one thread of run_app's own, so call it before
/// starting threads, and unblock SIGINT and SIGTERM in child processes.
int run_app(std::string_view program, const std::function<ExitCode(std::stop_token)>& body);

/// Thrown when what was asked is already done (`--help`, `--version`): exit code 0.
struct Done {};

}  // namespace stresskit::support
