#pragma once

#include "stresskit/config/keys.hpp"
#include "stresskit/config/settings.hpp"

#include <string>
#include <vector>

namespace stresskit::config {

/// The validated settings of `program`: command line > process environment > `.env` > default.
///
/// `--help` and `--version` are printed on standard output and end the program (support::Done).
/// Warnings (unknown key in `.env` with the nearest known one, a key given twice, a clamped count,
/// TLS verification switched off) are logged. All problems are collected and thrown as one
/// support::Error(usage) that lists each with file and line; nothing was contacted by then.
/// A missing `.env` is fine, a missing `--env-file` is a problem.
[[nodiscard]] Settings load(Program program, int argc, const char* const* argv);

}  // namespace stresskit::config
