#pragma once

#include "stresskit/config/keys.hpp"

#include <string>
#include <string_view>

namespace stresskit::config {

// How a row of the table reads in --help, in the manual, in `.env.example` and on the
// configuration page; and what --help and the manual say besides.

/// What a program does, in a sentence or two.
[[nodiscard]] std::string_view purpose(Program program);

/// " [options] [RUN [OTHER]]".
[[nodiscard]] std::string usage(Program program);

inline constexpr std::string_view sources_text =
    "A key counts from the command line, else from the environment, else from .env.";
inline constexpr std::string_view exit_codes_text =
    "0 done, 1 failed, 2 usage or configuration, 3 could not connect or log in,\n"
    "4 done in part, 99 a threshold was crossed, 130 ended by a second Ctrl+C.";

/// "provision, delete_by_prefix".
[[nodiscard]] std::string programs_text(Programs programs);

/// What stands for the value: "N", "URL", "FILE", "native|paho".
[[nodiscard]] std::string_view placeholder(const Key& key);

/// The default for people, with its unit: "60 s", "until stopped", "off"; empty when there is none.
[[nodiscard]] std::string default_text(const Key& key);

/// "--device-count N", or the key itself where there is no option.
[[nodiscard]] std::string option_text(const Key& key);

/// Its help with all that is to know: "how many devices [DEVICE_COUNT, default 500]".
[[nodiscard]] std::string meaning_text(const Key& key, Program program);

}  // namespace stresskit::config
