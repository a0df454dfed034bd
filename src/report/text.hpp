#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stresskit::report {

/// Foreign text on its way into a document: no control characters, and what is no UTF-8 becomes
/// the replacement character.
[[nodiscard]] std::string clean(std::string_view text);

/// The same, safe in HTML as text and between quotes.
[[nodiscard]] std::string escaped(std::string_view text);

/// The same, safe in a cell of a Markdown table.
[[nodiscard]] std::string markdown_cell(std::string_view text);

/// "12,345".
[[nodiscard]] std::string count_text(std::uint64_t count);

/// "2026-11-24 10:15:00 UTC".
[[nodiscard]] std::string time_text(double unix_s);

}  // namespace stresskit::report
