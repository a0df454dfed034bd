#include "stresskit/metrics/run_files.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view timeline_header =
    "unix_s,elapsed_s,connected,disconnected,failed,connecting,planned,sent,acknowledged,"
    "failed_messages,skipped,lost,in_flight\n";

/// The next multiple of `every` after `now`, so that a slow write shifts no later one.
Mono::time_point next_tick(Mono::time_point last, Mono::duration every, Mono::time_point now) {
  const auto next = last + every;
  return next > now ? next : now + every;
}

/// Warns when trouble begins and says when it is over; returns whether there is trouble.
bool report_trouble(const support::Result<void>& result, bool had_trouble,
                    const std::filesystem::path& path) {
  if (!result && !had_trouble) {
    support::warn("{}; trying again while the run goes on", result.error());
  } else if (result && had_trouble) {
    support::info("{} is written again", path.string());
  }
  return !result;
}

}  // namespace

RunFiles::RunFiles(const config::Data& data, const std::string& run_id, Mono::duration write_every)
    : metrics_(data.metrics()), write_every_(write_every) {
  const auto folder = data.runs() / run_id;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw support::Error(support::ExitCode::usage,
                         fmt::format("cannot create {}: {}", folder.string(), error.message()));
  }
  timeline_path_ = folder / "timeline.csv";
  auto file = support::AppendFile::open(timeline_path_);
  if (!file) {
    throw support::Error(support::ExitCode::usage, file.error());
  }
  timeline_ = std::move(*file);
  timeline_trouble_ = report_trouble(timeline_->append(timeline_header), false, timeline_path_);
}

void RunFiles::publish(const Snapshot& snapshot, Mono::time_point now) {
  const bool turned = last_status_ != snapshot.status || last_phase_ != snapshot.phase;
  last_status_ = snapshot.status;
  last_phase_ = snapshot.phase;
  if (turned || now >= next_metrics_) {
    next_metrics_ = next_tick(next_metrics_, write_every_, now);
    write_metrics(snapshot);
  }
  if (now >= next_row_ || snapshot.status == Status::stopped) {
    next_row_ = next_tick(next_row_, 1s, now);
    write_timeline_row(snapshot);
  }
}

void RunFiles::write_metrics(const Snapshot& snapshot) {
  metrics_trouble_ = report_trouble(support::replace_file(metrics_, to_json(snapshot)),
                                    metrics_trouble_, metrics_);
}

void RunFiles::write_timeline_row(const Snapshot& s) {
  const auto& t = s.totals;
  const std::string row =
      fmt::format("{:.3f},{:.3f},{},{},{},{},{},{},{},{},{},{},{}\n", s.updated_at, s.elapsed_s,
                  s.connected, s.disconnected, s.failed, s.connecting, t.planned(), t.sent(),
                  t.acknowledged(), t.failed(), t.skipped(), t.lost(), t.in_flight());
  timeline_trouble_ = report_trouble(timeline_->append(row), timeline_trouble_, timeline_path_);
}

}  // namespace stresskit::metrics
