// Thresholds, one a line: understood and judged by any snapshot, or refused as a usage error.
#include "stresskit/report/thresholds.hpp"

#include "fuzz/fuzz.hpp"

#include "stresskit/support/error.hpp"

#include <sstream>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stresskit;
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> texts;
  for (std::string line; std::getline(lines, line);) {
    texts.push_back(line);
  }
  try {
    const auto thresholds = report::Thresholds::parse(texts);
    const metrics::Snapshot nothing_known;
    fuzz::require(thresholds.judge(nothing_known).size() == texts.size(), "a row for each");
    fuzz::require(!thresholds.may_end_the_run(nothing_known), "nothing ends a run without data");
  } catch (const support::Error& refused) {
    fuzz::require(refused.code() == support::ExitCode::usage, "a refusal is a usage error");
  }
  return 0;
}
