#pragma once

#include "stresskit/config/keys.hpp"

#include <string>
#include <string_view>

namespace stresskit::config {

// How a row of the table reads in --help, in `.env.example` and on the configuration page.

/// What stands for the value: "N", "URL", "FILE", "native|paho".
[[nodiscard]] std::string_view placeholder(const Key& key);

/// The default for people, with its unit: "60 s", "until stopped", "off"; empty when there is none.
[[nodiscard]] std::string default_text(const Key& key);

}  // namespace stresskit::config
