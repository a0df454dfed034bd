#include "table.hpp"

#include <fmt/format.h>

namespace stresskit::report {

std::string table(std::string_view title, std::string_view head, const std::string& rows) {
  const std::string top = head.empty() ? "" : fmt::format("<thead><tr>{}</tr></thead>", head);
  return fmt::format("<h2>{}</h2><div class=\"scroll\"><table>{}<tbody>{}</tbody></table></div>\n",
                     title, top, rows);
}

std::string number_cell(const std::string& text) {
  return fmt::format("<td class=\"n\">{}</td>", text);
}

}  // namespace stresskit::report
