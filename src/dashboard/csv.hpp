#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {

/// Takes the next whole record of RFC 4180 off `rest`: quoted fields may hold commas, quotes and
/// line ends. False when none is left; a torn last record is left out.
[[nodiscard]] bool next_record(std::string_view& rest, std::vector<std::string>& fields);

}  // namespace stresskit::dashboard
