#include "support/telemetry_program.hpp"

#include "stresskit/fleet/tokens.hpp"
#include "stresskit/metrics/run_record.hpp"
#include "stresskit/support/files.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace stresskit::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto patience = 30s;
constexpr auto poll_every = 20ms;

std::string counters_trouble(const json& counters, const std::string& whose) {
  const auto of = [&](const char* key) { return counters.at(key).get<std::uint64_t>(); };
  if (of("planned") != of("attempted") + of("skipped") ||
      of("attempted") != of("sent") + of("failed") ||
      of("sent") != of("acknowledged") + of("lost") + of("unacknowledged") + of("in_flight")) {
    return fmt::format("{} does not add up: {}\n", whose, counters.dump());
  }
  return "";
}

std::string identity_trouble(const json& metrics) {
  std::string trouble = counters_trouble(metrics.at("totals"), "totals");
  std::uint64_t planned = 0;
  for (const json& device : metrics.at("devices")) {
    trouble += counters_trouble(device, device.at("name"));
    planned += device.at("planned").get<std::uint64_t>();
  }
  if (planned != metrics.at("totals").at("planned").get<std::uint64_t>()) {
    trouble += "the devices do not add up to the totals\n";
  }
  if (!metrics.at("balanced").get<bool>()) trouble += "devices and bursts disagree\n";
  std::uint64_t devices = 0;
  for (const char* state : {"connecting", "connected", "disconnected", "failed"}) {
    devices += metrics.at(std::string(state) + "_devices").get<std::uint64_t>();
  }
  if (devices != metrics.at("device_count").get<std::uint64_t>()) {
    trouble += "the states of the devices do not add up\n";
  }
  return trouble;
}

/// A process that did not run wrote no row in that second, and a run without a burst none of it.
bool is_expected(const std::string& gap, const json& last) {
  const bool no_burst = last.at("bursts_due") == 0;
  return gap.find("no row between") != std::string::npos ||
         (no_burst && gap.ends_with(".ndjson is empty"));
}

std::string archive_trouble(const std::filesystem::path& folder, const json& last) {
  const auto record = metrics::read_run(folder);
  if (!record) return record.error() + "\n";
  std::string trouble;
  for (const std::string& gap : record->gaps) {
    if (!is_expected(gap, last)) trouble += "archive: " + gap + "\n";
  }
  const auto& counted = record->last.totals;
  const json& told = last.at("totals");
  if (counted.planned() != told.at("planned") || counted.sent() != told.at("sent") ||
      counted.acknowledged() != told.at("acknowledged") || counted.lost() != told.at("lost")) {
    trouble += "the archive's totals are not those of metrics.json\n";
  }
  return trouble;
}

}  // namespace

std::uint64_t TelemetryProgram::End::total(const std::string& counter) const {
  return metrics.at("totals").at(counter).get<std::uint64_t>();
}

bool TelemetryProgram::End::has(const std::string& stage, const std::string& bucket) const {
  const json& rows = metrics.at("failures");
  return std::any_of(rows.begin(), rows.end(), [&](const json& row) {
    return row.at("stage") == stage && row.at("bucket") == bucket;
  });
}

bool names_limit(const json& metrics, const std::string& words) {
  const json& limits = metrics.at("limits");
  return std::any_of(limits.begin(), limits.end(), [&](const json& limit) {
    return limit.at("name").get<std::string>().find(words) != std::string::npos;
  });
}

TelemetryProgram::TelemetryProgram(std::uint16_t mqtt_port, std::size_t count)
    : mqtt_port_(mqtt_port) {
  std::vector<fleet::Device> devices;
  for (std::size_t i = 1; i <= count; ++i) devices.push_back({name(i), token(i)});
  std::filesystem::create_directory(data());
  if (const auto written = fleet::write_tokens(data() / "tokens.json", devices); !written) {
    throw std::runtime_error(written.error());
  }
}

std::string TelemetryProgram::name(std::size_t index) {
  return fleet::device_name("sim", static_cast<std::uint32_t>(index));
}

std::string TelemetryProgram::token(std::size_t index) {
  return fmt::format("token-{:03}", index);
}

void TelemetryProgram::start() {
  std::vector<std::string> arguments{
      STRESSKIT_BIN_DIR "/run_telemetry",
      "--data-dir",
      data().string(),
      "--mqtt-port",
      std::to_string(mqtt_port_),
      "--publish-interval-sec",
      "0.2",
      "--sim-start-lead-time",
      "0.1",
      "--metrics-write-sec",
      "0.1",
  };
  arguments.insert(arguments.end(), options.begin(), options.end());
  process_.emplace(arguments, dir_ / "log");
}

std::optional<json> TelemetryProgram::metrics() {
  const auto text = support::read_file(data() / "metrics.json");
  if (!text) return std::nullopt;
  json document = json::parse(*text);  // whole at any moment, so this never throws
  if (broken_.empty()) broken_ = identity_trouble(document);
  return document;
}

std::optional<json> TelemetryProgram::wait_for(const std::function<bool(const json&)>& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  do {
    const bool runs = process_->running();
    if (auto found = metrics(); found && wanted(*found)) return found;
    if (!runs) {
      ADD_FAILURE() << fmt::format("run_telemetry ended with {} instead:\n{}",
                                   process_->exit_code(), log());
      return std::nullopt;
    }
    std::this_thread::sleep_for(poll_every);
  } while (std::chrono::steady_clock::now() < deadline);
  ADD_FAILURE() << fmt::format("not within {}:\n{}", patience, log());
  return std::nullopt;
}

TelemetryProgram::End TelemetryProgram::stop() {
  signal(SIGINT);
  return finish();
}

TelemetryProgram::End TelemetryProgram::finish() {
  const auto deadline = std::chrono::steady_clock::now() + 2 * patience;
  while (process_->running()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("run_telemetry does not end:\n" + log());
    }
    std::this_thread::sleep_for(poll_every);
  }
  auto last = metrics();
  if (!last) throw std::runtime_error("run_telemetry left no metrics.json:\n" + log());
  std::string trouble = broken_ + trouble_in_files(*last);
  return {process_->exit_code(), std::move(*last), std::move(trouble)};
}

std::string TelemetryProgram::trouble_in_files(const json& last) const {
  std::string trouble;
  if (last.at("status") != "stopped") trouble += "the last metrics.json does not say stopped\n";
  if (last.at("totals").at("in_flight") != 0) trouble += "messages in flight after the end\n";
  const auto archive = data() / "runs" / last.at("run_id").get<std::string>();
  const auto summary = support::read_file(archive / "summary.json");
  if (!summary || json::parse(*summary).at("totals") != last.at("totals")) {
    trouble += "summary.json does not say what metrics.json says\n";
  }
  for (const auto& file : std::filesystem::recursive_directory_iterator(data())) {
    if (file.path().filename().string().starts_with('.')) {
      trouble += "left behind: " + file.path().string() + "\n";
    }
  }
  return trouble + archive_trouble(archive, last);
}

std::string TelemetryProgram::log() const {
  return support::read_file(dir_ / "log").value_or("");
}

}  // namespace stresskit::test
