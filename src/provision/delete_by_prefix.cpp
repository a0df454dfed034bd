#include "stresskit/provision/delete_by_prefix.hpp"

#include "provision/job_list.hpp"
#include "provision/log_in.hpp"

#include "stresskit/fleet/device.hpp"
#include "stresskit/support/crew.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

namespace stresskit::provision {

namespace {

using namespace std::chrono_literals;
using support::Error;
using support::ExitCode;
using thingsboard::Client;
using thingsboard::Device;

// Each delete needs more than one of the server's 16 database connections: with more than this at
// once the whole server can stand still for half a minute.
constexpr std::uint32_t most_parallel_deletes = 8;
constexpr support::Mono::duration look_every = 100ms;
// A server that waits for a database connection answers after 30 s.
constexpr config::Duration least_timeout = 45s;

/// Deletes one device after the other until there is nothing more.
class Deleter {
 public:
  Deleter(const std::vector<Device>& devices, const config::Provisioning& settings,
          thingsboard::Session& session, support::Clock& clock)
      : devices_(devices),
        settings_(settings),
        session_(session),
        clock_(clock),
        jobs_(devices.size(), settings.concurrency) {}

  void run(std::stop_token stop) {
    support::Progress progress("deleting", "devices", devices_.size(), clock_);
    support::Crew crew(std::min<std::size_t>(settings_.concurrency, devices_.size()),
                       std::move(stop),
                       [this](std::stop_token inner) { take_jobs(std::move(inner)); });
    while (!crew.wait_for(look_every)) {
      progress.update(jobs_.done());
    }
    crew.finish();
    progress.finish(jobs_.done());
  }

  void fill_in(DeletionReport& report) const {
    report.deleted = deleted_;
    report.gone = gone_;
    report.failed = jobs_.failures();
    report.not_tried = report.found - jobs_.done();
    report.ended_early = jobs_.ended_early();
    if (jobs_.log_in_failed()) {
      report.code = ExitCode::unreachable;
    } else if (!report.failed.empty() || report.not_tried > 0) {
      report.code = ExitCode::partial;
    }
  }

 private:
  void take_jobs(std::stop_token stop) {
    Client client(session_, stop);
    thingsboard::Retry retry({settings_.retries, settings_.retry_delay}, mood_, clock_, stop);
    while (!stop.stop_requested()) {
      const auto next = jobs_.next();
      if (!next) {
        return;
      }
      const Device& device = devices_[*next];
      const auto answer = retry([&] { return client.delete_device(device.id); });
      if (answer || answer.error().kind == thingsboard::ErrorKind::not_found) {
        ++(answer ? deleted_ : gone_);
        jobs_.succeeded();
      } else {
        jobs_.failed(device.name, answer.error());
      }
    }
    jobs_.end("interrupted");
  }

  const std::vector<Device>& devices_;
  const config::Provisioning& settings_;
  thingsboard::Session& session_;
  support::Clock& clock_;
  JobList jobs_;
  thingsboard::ServerMood mood_;
  std::atomic<std::uint32_t> deleted_ = 0;
  std::atomic<std::uint32_t> gone_ = 0;
};

config::Provisioning careful(config::Provisioning settings) {
  if (settings.concurrency > most_parallel_deletes) {
    support::warn(
        "PROVISION_CONCURRENCY: deleting with {} requests at once instead of {}: more can stall a "
        "whole ThingsBoard",
        most_parallel_deletes, settings.concurrency);
    settings.concurrency = most_parallel_deletes;
  }
  return settings;
}

std::vector<Device> find_devices(const std::string& prefix, const config::Provisioning& settings,
                                 thingsboard::Session& session, support::Clock& clock,
                                 std::stop_token stop) {
  thingsboard::ServerMood mood;
  Client client(session, stop);
  thingsboard::Retry retry({settings.retries, settings.retry_delay}, mood, clock, std::move(stop));
  log_in(client, retry, session);
  auto devices = retry([&] { return thingsboard::list_by_prefix(client, prefix); });
  if (!devices) {
    fail_with(devices.error(), session.server());
  }
  std::sort(devices->begin(), devices->end(),
            [](const Device& a, const Device& b) { return fleet::name_less(a.name, b.name); });
  return *std::move(devices);
}

/// "12 devices begin with "sim": sim-001, sim-002, sim-003, sim-004, sim-005, ... sim-012"
std::string preview(const std::string& prefix, const std::vector<Device>& devices) {
  constexpr std::size_t shown = 5;
  std::string out = fmt::format(
      "{} with prefix \"{}\": ", support::format_count(devices.size(), "device"), prefix);
  for (std::size_t i = 0; i < std::min(shown, devices.size()); ++i) {
    out += (i == 0 ? "" : ", ") + devices[i].name;
  }
  if (devices.size() > shown) {
    out += (devices.size() == shown + 1 ? ", " : ", ... ") + devices.back().name;
  }
  return out;
}

}  // namespace

DeletionReport delete_by_prefix(const std::string& prefix, config::Provisioning settings,
                                config::ThingsBoard server, const DeletionWishes& wishes,
                                support::Clock& clock, std::stop_token stop) {
  if (prefix.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(
        ExitCode::usage,
        "refusing to delete with an empty prefix, which every device of the tenant has; set "
        "DEVICE_PREFIX");
  }
  const support::Mono::time_point started = clock.now();
  settings = careful(settings);
  server.timeout = std::max(server.timeout, least_timeout);
  thingsboard::Session session(std::move(server), clock);
  const std::vector<Device> devices = find_devices(prefix, settings, session, clock, stop);

  DeletionReport report;
  report.prefix = prefix;
  report.dry_run = wishes.dry_run;
  report.found = static_cast<std::uint32_t>(devices.size());
  if (wishes.dry_run) {
    for (const Device& device : devices) {
      report.names.push_back(device.name);
    }
  } else if (!devices.empty()) {
    const std::string what = preview(prefix, devices);
    if (wishes.confirm && !wishes.confirm("delete " + what + "?")) {
      report.not_tried = report.found;
      report.ended_early = "not confirmed";
      report.code = ExitCode::partial;
    } else {
      support::info("deleting {}", what);
      Deleter deleter(devices, settings, session, clock);
      deleter.run(std::move(stop));
      deleter.fill_in(report);
    }
  }
  report.took = clock.now() - started;
  return report;
}

}  // namespace stresskit::provision
