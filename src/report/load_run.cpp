#include "load_run.hpp"

#include "threshold.hpp"

#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/error.hpp"

#include <algorithm>

namespace stresskit::report {

namespace {

/// What the run itself was judged by: "ack_p99<250ms, lost==0".
std::vector<std::string> own_thresholds(const metrics::RunRecord& run) {
  std::vector<std::string> texts;
  const auto found = std::find_if(run.settings.begin(), run.settings.end(),
                                  [](const auto& entry) { return entry.first == "THRESHOLDS"; });
  std::string_view rest = found == run.settings.end() ? "" : std::string_view(found->second);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (rest.substr(0, comma).find_first_not_of(' ') != std::string_view::npos) {
      texts.emplace_back(rest.substr(0, comma));
    }
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return texts;
}

}  // namespace

metrics::RunRecord load_run(const std::filesystem::path& folder,
                            const std::vector<std::string>& wanted) {
  auto run = metrics::read_run(folder);
  if (!run) {
    throw support::Error(support::ExitCode::usage, run.error());
  }
  if (!wanted.empty()) {
    run->last.thresholds = Thresholds::parse(wanted).judge(run->last);
    return std::move(*run);
  }
  for (const std::string& text : own_thresholds(*run)) {
    if (const auto one = parse_threshold(text)) {
      run->last.thresholds.push_back(Thresholds::parse({text}).judge(run->last).front());
    } else {
      run->last.thresholds.push_back({text, "no data", metrics::ThresholdRow::State::no_data});
      run->gaps.push_back("config.json: threshold " + text + ": " + one.error());
    }
  }
  return std::move(*run);
}

}  // namespace stresskit::report
