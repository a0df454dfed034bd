#pragma once

#include <string>
#include <string_view>

namespace stresskit::report {

/// A section of the page: a heading and a table. `head`: the cells of its first row, or empty;
/// `rows`: whole rows.
[[nodiscard]] std::string table(std::string_view title, std::string_view head,
                                const std::string& rows);

/// A cell whose text stands to the right.
[[nodiscard]] std::string number_cell(const std::string& text);

}  // namespace stresskit::report
