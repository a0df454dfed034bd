#include "dashboard/csv.hpp"

namespace stresskit::dashboard {

bool next_record(std::string_view& rest, std::vector<std::string>& fields) {
  fields.assign(1, {});
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '"') {
      // A doubled quote inside a quoted field is a quote; else it opens or closes.
      if (quoted && i + 1 < rest.size() && rest[i + 1] == '"') {
        fields.back() += c;
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
      fields.back() += c;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace stresskit::dashboard
