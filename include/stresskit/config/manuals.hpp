#pragma once

#include "stresskit/config/keys.hpp"

#include <string>
#include <string_view>

namespace stresskit::config {

// What an installed kit brings along for its users' shells, made from the key table like `--help`.

/// The manual page of one program, section 1, in roff's man macros.
[[nodiscard]] std::string man_page(Program program, std::string_view version);

enum class Shell { bash, zsh, fish };

/// A completion script for one program: options, the words of a choice, files where they are meant.
[[nodiscard]] std::string completion(Shell shell, Program program);

}  // namespace stresskit::config
