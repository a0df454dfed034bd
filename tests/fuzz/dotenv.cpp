// A `.env` file: every line is an entry or a problem at most once, and no problem quotes a value.
#include "config/dotenv.hpp"

#include "fuzz/fuzz.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using stresskit::fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;

  const auto read = stresskit::config::parse_dotenv(text);
  require(read.entries.size() + read.problems.size() <= lines, "a line is one thing");
  for (const auto& entry : read.entries) {
    require(!entry.key.empty() && entry.line >= 1 && entry.line <= lines, "an entry has a place");
  }
  for (const auto& problem : read.problems) {
    require(!problem.what.empty() && problem.line >= 1 && problem.line <= lines,
            "a problem has words and a place");
  }
  return 0;
}
