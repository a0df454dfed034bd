#include "stresskit/report/live_view.hpp"

#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::report {

namespace {

using metrics::Snapshot;

constexpr std::size_t bar_width = 30;

std::string headline(const Snapshot& s) {
  std::string text = fmt::format("run {}   {:.0f} s", s.run_id, s.elapsed_s);
  text += fmt::format("   {}",
                      s.phase == metrics::Phase::none ? to_string(s.status) : to_string(s.phase));
  if (s.bursts_due > 0) {
    text += fmt::format("   burst {}", s.bursts_due);
    text += s.bursts_planned ? fmt::format(" of {}", *s.bursts_planned) : "";
  }
  if (s.stages.size() > 1 && s.bursts_due > 0) {
    const auto current = std::count_if(s.stages.begin(), s.stages.end(), [&](const auto& stage) {
      return stage.first_burst < s.bursts_due;
    });
    text += fmt::format("   stage {} of {}", current, s.stages.size());
  }
  return text;
}

std::string connected(const Snapshot& s) {
  const std::size_t filled =
      s.device_count == 0 ? 0 : static_cast<std::size_t>(s.connected * bar_width / s.device_count);
  return fmt::format("[{:#<{}}{:.<{}}] {} of {}{}{}", "", filled, "", bar_width - filled,
                     s.connected, s.device_count,
                     s.failed > 0 ? fmt::format("   failed {}", s.failed) : "",
                     s.disconnected > 0 ? fmt::format("   disconnected {}", s.disconnected) : "");
}

std::string messages(const Snapshot& s) {
  const auto& t = s.totals;
  return fmt::format("sent {}  acknowledged {}  open {}  lost {}  failed {}  skipped {}", t.sent(),
                     t.acknowledged(), t.in_flight(), t.lost(), t.failed(), t.skipped());
}

}  // namespace

std::vector<std::string> live_view(const Snapshot& s) {
  const auto line = [](std::string_view label, const std::string& text) {
    return fmt::format("{:<11}{}", label, text);
  };
  return {
      headline(s),
      line("connected", connected(s)),
      line("spread", fmt::format("{:<12}median {:<12}worst {}", ms_or_dash(last_spread(s)),
                                 ms_or_dash(s.spread.count, s.spread.p50),
                                 ms_or_dash(s.spread.count, s.spread.max))),
      line("ack", fmt::format("p50 {:<12}p99 {:<12}max {}   after due",
                              ms_or_dash(s.ack_from_due.count, s.ack_from_due.p50),
                              ms_or_dash(s.ack_from_due.count, s.ack_from_due.p99),
                              ms_or_dash(s.ack_from_due.count, s.ack_from_due.max))),
      line("messages", messages(s)),
      line("causes", top_causes(s)),
      line("so far", s.bursts_due > 0 ? s.verdict.sentence : "-"),
  };
}

}  // namespace stresskit::report
