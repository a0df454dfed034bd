#include "support/run_archive.hpp"

#include "stresskit/metrics/metrics_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace stresskit::test {

namespace {

using Json = nlohmann::ordered_json;
using metrics::Counters;
using metrics::Metric;
using metrics::Outcome;

constexpr double first_due_s = 2;  ///< since the start of the run

class Writer {
 public:
  Writer(std::filesystem::path folder, const MadeRun& run)
      : folder_(std::move(folder)), run_(run), by_device_(run.devices) {
    std::filesystem::create_directories(folder_);
    stages_ = run.stages.empty() ? std::vector<MadeRun::Stage>{{run.devices, 0}} : run.stages;
  }

  void write() {
    config();
    messages_ = "TSKM" + little_endian(1, 4) + little_endian(run_.devices, 4);
    timeline_ =
        "unix_s,elapsed_s,connected,disconnected,failed,connecting,planned,sent,acknowledged,"
        "failed_messages,skipped,lost,in_flight,unacknowledged\n";
    connects();
    events();
    for (std::uint64_t k = 0; k < run_.bursts; ++k) {
      burst(k);
    }
    put("bursts.ndjson", bursts_);
    put("histograms.ndjson", histograms_);
    put("timeline.csv", timeline_);
    put("events.ndjson", events_);
    put("messages.bin", messages_);
    if (!run_.killed) {
      devices();
      put("summary.json", metrics::to_json(last_));
    }
  }

 private:
  static std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
      text += static_cast<char>((value >> (8 * i)) & 0xFFU);
    }
    return text;
  }

  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  void config() {
    Json stages = Json::array();
    for (const auto& stage : stages_) {
      stages.push_back({{"devices", stage.devices}, {"first_burst", stage.first_burst}});
    }
    Json settings = Json::object();
    for (const auto& [key, value] : run_.settings) {
      settings[key] = value;
    }
    put("config.json", Json{{"schema_version", 1},
                            {"run_id", run_.run_id},
                            {"version", "1.0.0"},
                            {"pid", 4711},
                            {"started_at", run_.started_at},
                            {"engine", "native"},
                            {"write_time", "written"},
                            {"qos", run_.qos},
                            {"interval_sec", run_.interval_sec},
                            {"write_sec", 2},
                            {"device_count", run_.devices},
                            {"bursts_planned", run_.bursts},
                            {"warmup", run_.warmup},
                            {"stages", stages},
                            {"settings", settings}}
                               .dump() +
                           "\n");
  }

  void histogram(double t, Metric metric, std::uint64_t k, const std::vector<std::uint32_t>& us) {
    if (us.empty()) {
      return;
    }
    metrics::Histogram one;
    for (const std::uint32_t value : us) {
      one.record_us(value);
    }
    Json counts = Json::array();
    std::size_t before = 0;
    const auto& buckets = one.buckets();
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      if (buckets[i] > 0) {
        counts.push_back(i - before);
        counts.push_back(buckets[i]);
        before = i;
      }
    }
    Json row{{"t", t}, {"metric", to_string(metric)}};
    if (metrics::is_of_bursts(metric)) {
      row["stage"] = stage_index(k);
      row["warmup"] = k < run_.warmup;
    }
    row["max_us"] = one.max_us();
    row["sum_us"] = one.sum_us();
    row["counts"] = counts;
    histograms_ += row.dump() + "\n";
  }

  std::size_t stage_index(std::uint64_t k) const {
    std::size_t index = stages_.size();
    while (stages_[--index].first_burst > k) {
    }
    return index;
  }

  void connects() {
    const std::vector<std::uint32_t> us(run_.devices, 1'500);
    for (const Metric metric : {Metric::connect, Metric::connect_tcp, Metric::connect_connack}) {
      histogram(1, metric, 0, us);
    }
    histogram(1, Metric::loop_lag, 0, {40, 60});
  }

  void events() {
    const auto row = [&](const Json& json) {
      events_ += json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    };
    row({{"t", 0}, {"type", "phase"}, {"status", "running"}, {"phase", "connecting"}});
    for (std::uint64_t i = 0; i < run_.devices; ++i) {
      row({{"t", 0.5}, {"type", "device"}, {"device", i}, {"state", "connected"}});
    }
    row({{"t", 1.7}, {"type", "phase"}, {"status", "running"}, {"phase", "bursting"}});
    for (const auto& [what, count] : run_.failures) {
      row({{"t", 3},
           {"type", "failure"},
           {"stage", fleet::to_string(what.stage)},
           {"bucket", fleet::to_string(what.bucket)},
           {"detail", what.detail},
           {"count", count}});
    }
    for (const auto& collapse : run_.collapses) {
      row({{"t", first_due_s + collapse.at_s}, {"type", "collapse"}, {"at_s", collapse.at_s}});
    }
  }

  /// One message; adds to the burst's and the device's counters.
  void message(std::uint64_t k, std::uint64_t device, Counters& burst,
               std::vector<std::uint32_t>& acks, std::string& packed) {
    const bool takes_part = device < stages_[stage_index(k)].devices;
    const Outcome outcome = takes_part ? run_.outcome(k, device) : Outcome::not_sent;
    const auto count = [&](auto& counters) {
      if (!takes_part) {
        return;
      }
      if (outcome == Outcome::not_sent) {
        counters.skip();
      } else if (run_.qos == 0) {
        counters.send_without_acknowledgement();
      } else {
        counters.send();
        outcome == Outcome::acknowledged ? counters.acknowledge()
        : outcome == Outcome::lost       ? counters.lose()
                                         : counters.give_up();
      }
    };
    count(burst);
    count(by_device_[device]);
    if (outcome == Outcome::acknowledged && run_.qos > 0) {
      acks.push_back(run_.ack_us(k, device));
    }
    packed[device / 4] = static_cast<char>(static_cast<unsigned char>(packed[device / 4]) |
                                           static_cast<unsigned>(outcome) << (2 * (device % 4)));
  }

  void burst(std::uint64_t k) {
    const double t = first_due_s + static_cast<double>(k) * run_.interval_sec;
    Counters counters;
    std::vector<std::uint32_t> acks;
    acks.reserve(run_.devices);
    std::string packed((run_.devices + 3) / 4, '\0');
    for (std::uint64_t i = 0; i < run_.devices; ++i) {
      message(k, i, counters, acks, packed);
    }
    messages_ += little_endian(k, 8) + packed;
    last_.totals += counters;
    burst_rows(k, t, counters, acks);
    histogram(t + 1, Metric::ack_from_due, k, acks);
    histogram(t + 1, Metric::ack_from_write, k, acks);
    histogram(t + 1, Metric::spread, k, {run_.spread_us(k)});
    histogram(t + 1, Metric::release_lateness, k, {120});
    if (!acks.empty()) {
      histogram(t + 1, Metric::ack_drain, k, {*std::max_element(acks.begin(), acks.end())});
    }
    const Counters& sum = last_.totals;
    timeline_ +=
        fmt::format("{:.3f},{:.3f},{},0,0,0,{},{},{},{},{},{},0,{}\n", run_.started_at + t + 0.9,
                    t + 0.9, run_.devices, sum.planned(), sum.sent(), sum.acknowledged(),
                    sum.failed(), sum.skipped(), sum.lost(), sum.unacknowledged());
  }

  void burst_rows(std::uint64_t k, double t, const Counters& c,
                  const std::vector<std::uint32_t>& acks) {
    Json row{{"k", k},
             {"due", run_.started_at + t},
             {"release_lateness_ms", 0.12},
             {"spread_ms", run_.spread_us(k) / 1e3},
             {"planned", c.planned()},
             {"attempted", c.attempted()},
             {"skipped", c.skipped()},
             {"sent", c.sent()},
             {"failed", c.failed()},
             {"acknowledged", 0},
             {"lost", 0},
             {"unacknowledged", 0},
             {"in_flight", c.sent()},
             {"ack_from_due_ms", nullptr},
             {"ack_from_write_ms", nullptr},
             {"ack_drain_ms", nullptr},
             {"marks", k < run_.warmup ? Json{"warmup"} : Json::array()}};
    if (run_.qos == 0) {
      row["in_flight"] = 0;
    }
    bursts_ += row.dump() + "\n";
    row["acknowledged"] = c.acknowledged();
    row["lost"] = c.lost();
    row["unacknowledged"] = c.unacknowledged();
    row["in_flight"] = 0;
    if (!acks.empty()) {
      std::vector<std::uint32_t> sorted = acks;
      std::sort(sorted.begin(), sorted.end());
      const Json ladder{{"p50", sorted[sorted.size() / 2] / 1e3},
                        {"p99", sorted[sorted.size() * 99 / 100] / 1e3},
                        {"max", sorted.back() / 1e3}};
      row["ack_from_due_ms"] = ladder;
      row["ack_from_write_ms"] = ladder;
      row["ack_drain_ms"] = sorted.back() / 1e3;
    }
    bursts_ += row.dump() + "\n";
  }

  void devices() {
    std::string text =
        "index,name,device_id,status,last_stage,last_seen,last_failure,failure_reason,"
        "failure_detail,planned,attempted,skipped,sent,failed,acknowledged,lost,unacknowledged\r\n";
    for (std::uint64_t i = 0; i < run_.devices; ++i) {
      const auto& c = by_device_[i];
      std::string name = run_.name(i);
      if (name.find_first_of(",\"\n") != std::string::npos) {
        for (std::size_t at = 0; (at = name.find('"', at)) != std::string::npos; at += 2) {
          name.insert(at, 1, '"');
        }
        name = '"' + name + '"';
      }
      text += fmt::format("{},{},,connected,publish,{:.3f},,,,{},{},{},{},{},{},{},{}\r\n", i, name,
                          run_.started_at + 9, c.planned(), c.attempted(), c.skipped(), c.sent(),
                          c.failed(), c.acknowledged(), c.lost(), c.unacknowledged());
    }
    put("devices.csv", text);
    summary();
  }

  void summary() {
    last_.run_id = run_.run_id;
    last_.status = metrics::Status::stopped;
    last_.phase = metrics::Phase::none;
    last_.started_at = run_.started_at;
    last_.elapsed_s = first_due_s + static_cast<double>(run_.bursts) * run_.interval_sec + 1;
    last_.updated_at = last_.started_at + last_.elapsed_s;
    last_.engine = "native";
    last_.write_time = "written";
    last_.interval_sec = run_.interval_sec;
    last_.qos = run_.qos;
    last_.device_count = run_.devices;
    last_.connected = run_.devices;
    last_.bursts_due = run_.bursts;
    last_.failures = run_.failures;
    last_.collapses = run_.collapses;
    last_.generator.loop_lag_ms_p99 = 0.06;
    if (last_.totals.lost() + last_.totals.failed() > 0) {
      last_.refused_from = 0;
    }
  }

  std::filesystem::path folder_;
  const MadeRun& run_;
  std::vector<MadeRun::Stage> stages_;
  std::vector<metrics::SmallCounters> by_device_;
  metrics::Snapshot last_;
  std::string bursts_, histograms_, timeline_, events_, messages_;
};

}  // namespace

std::filesystem::path write_archive(const std::filesystem::path& runs, const MadeRun& run) {
  const auto folder = runs / run.run_id;
  Writer(folder, run).write();
  return folder;
}

}  // namespace stresskit::test
