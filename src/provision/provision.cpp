#include "stresskit/provision/provision.hpp"

#include "provision/device_maker.hpp"
#include "provision/fleet_files.hpp"
#include "provision/job_list.hpp"
#include "provision/log_in.hpp"
#include "provision/plan.hpp"

#include "stresskit/support/crew.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <utility>

namespace stresskit::provision {

namespace {

using namespace std::chrono_literals;
using thingsboard::Client;
using thingsboard::ErrorKind;

constexpr support::Mono::duration save_every = 500ms;
constexpr support::Mono::duration look_every = 100ms;

/// One run of the command, from the log-in to the report.
class Run {
 public:
  Run(const config::Fleet& fleet, const config::Provisioning& settings, const config::Data& data,
      thingsboard::Session& session, support::Clock& clock, std::stop_token stop)
      : fleet_(fleet),
        settings_(settings),
        data_(data),
        session_(session),
        clock_(clock),
        stop_(std::move(stop)),
        started_(clock.now()) {}

  Report carry_out() {
    support::require_writable_folder(data_.dir);
    plan_ = look_at_server();
    FleetFiles files(data_, fleet_);
    JobList jobs(plan_.jobs.size(), settings_.concurrency);
    if (files.strangers() > 0) {
      support::info("{} with another prefix leave {}; they stay on the server",
                    support::format_count(files.strangers(), "device"), data_.tokens().string());
    }
    support::Progress progress("provisioning", "devices", plan_.jobs.size(), clock_);
    if (plan_.makes_profile) {
      // Parallel first uses of a type race for the name of its profile inside the server.
      support::info(
          "there is no device profile \"{}\" yet: ThingsBoard makes it with the first "
          "device, which is therefore made alone",
          plan_.wanted.type);
      supervise(1, files, jobs, progress, [&] { return created_ + reused_ == 0; });
    }
    const auto workers = std::min<std::size_t>(settings_.concurrency, plan_.jobs.size());
    supervise(workers, files, jobs, progress, [] { return true; });
    progress.finish(jobs.done());
    return report(jobs);
  }

 private:
  Plan look_at_server() {
    Client client(session_, stop_);
    thingsboard::Retry retry({settings_.retries, settings_.retry_delay}, mood_, clock_, stop_);
    log_in(client, retry, session_);
    auto plan = make_plan(fleet_, client, retry, clock_);
    if (!plan) {
      fail_with(plan.error(), session_.server());
    }
    return *std::move(plan);
  }

  /// Lets workers take jobs while `go_on`; saves and shows progress meanwhile.
  void supervise(std::size_t workers, FleetFiles& files, JobList& jobs, support::Progress& progress,
                 const std::function<bool()>& go_on) {
    support::Crew crew(workers, stop_, [&](std::stop_token stop) {
      take_jobs(std::move(stop), files, jobs, go_on);
    });
    support::Mono::time_point next_save = clock_.now() + save_every;
    while (!crew.wait_for(look_every)) {
      progress.update(jobs.done());
      if (clock_.now() >= next_save) {
        save(files, jobs, crew);
        next_save = clock_.now() + save_every;
      }
    }
    save(files, jobs, crew);  // first: finish throws what a worker threw, and tokens must stay
    crew.finish();
  }

  void save(FleetFiles& files, JobList& jobs, support::Crew& crew) {
    if (const auto saved = files.save(); !saved) {
      // Making devices whose tokens cannot be kept helps nobody. Said at once and once: when every
      // device is done already, the summary has no place for it.
      if (!std::exchange(unsaved_, true)) {
        support::log_error(saved.error());
      }
      jobs.end(saved.error());
      crew.stop();
    }
  }

  void take_jobs(std::stop_token stop, FleetFiles& files, JobList& jobs,
                 const std::function<bool()>& go_on) {
    Client client(session_, stop);
    thingsboard::Retry retry({settings_.retries, settings_.retry_delay}, mood_, clock_, stop);
    DeviceMaker maker(client, retry, plan_.wanted, [&](const Job& job, fleet::DeviceRow row) {
      files.put(job.index, std::move(row));
    });
    while (go_on() && !stop.stop_requested()) {
      const auto next = jobs.next();
      if (!next) {
        return;
      }
      settle(plan_.jobs[*next], maker, files, jobs);
    }
    if (stop.stop_requested()) {
      jobs.end("interrupted");
    }
  }

  void settle(const Job& job, DeviceMaker& maker, FleetFiles& files, JobList& jobs) {
    if (!job.existing && quota_reached_) {
      files.forget(job.index);
      jobs.failed(job.name, quota());
      return;
    }
    const Outcome outcome = maker.see_to(job);
    if (outcome.ok()) {
      ++(outcome.created ? created_ : reused_);
      updated_ += !outcome.created && outcome.updated ? 1 : 0;
      jobs.succeeded();
    } else if (outcome.error) {
      fail(job, outcome, files, jobs);
    } else {
      jobs.failed(job.name, outcome.problem);
    }
  }

  void fail(const Job& job, const Outcome& outcome, FleetFiles& files, JobList& jobs) {
    const thingsboard::ApiError& error = *outcome.error;
    if (error.kind == ErrorKind::limit_reached) {
      const std::lock_guard lock(quota_mutex_);
      quota_ = error;
      quota_reached_ = true;
    }
    const bool never_made = !job.existing && !outcome.created;
    if (never_made &&
        (error.kind == ErrorKind::limit_reached || error.kind == ErrorKind::rejected)) {
      files.forget(job.index);
    }
    jobs.failed(job.name, error);
  }

  thingsboard::ApiError quota() {
    const std::lock_guard lock(quota_mutex_);
    return quota_;
  }

  Report report(const JobList& jobs) const {
    Report report;
    report.prefix = fleet_.prefix;
    report.device_count = fleet_.count;
    report.created = created_;
    report.reused = reused_;
    report.updated = updated_;
    report.failed = jobs.failures();
    report.not_tried = fleet_.count - jobs.done();
    report.left_on_server = plan_.left_on_server;
    report.ended_early = jobs.ended_early();
    report.took = clock_.now() - started_;
    if (unsaved_) {
      report.code = support::ExitCode::usage;
    } else if (jobs.log_in_failed()) {
      report.code = support::ExitCode::unreachable;
    } else if (!report.failed.empty() || report.not_tried > 0) {
      report.code = support::ExitCode::partial;
    }
    return report;
  }

  const config::Fleet& fleet_;
  const config::Provisioning& settings_;
  const config::Data& data_;
  thingsboard::Session& session_;
  support::Clock& clock_;
  std::stop_token stop_;
  const support::Mono::time_point started_;
  thingsboard::ServerMood mood_;
  Plan plan_;
  bool unsaved_ = false;
  // Counted by all workers.
  std::atomic<std::uint32_t> created_ = 0;
  std::atomic<std::uint32_t> reused_ = 0;
  std::atomic<std::uint32_t> updated_ = 0;
  std::atomic<bool> quota_reached_ = false;
  std::mutex quota_mutex_;
  thingsboard::ApiError quota_;  // guarded by quota_mutex_
};

}  // namespace

Report provision(const config::Fleet& fleet, const config::Provisioning& settings,
                 const config::Data& data, thingsboard::Session& session, support::Clock& clock,
                 std::stop_token stop) {
  return Run(fleet, settings, data, session, clock, std::move(stop)).carry_out();
}

}  // namespace stresskit::provision
