#include "stresskit/verification/verify_run.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/control/stop_requests.hpp"
#include "stresskit/metrics/verdict.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/verification/verify.hpp"

#include <fmt/format.h>

#include <utility>

namespace stresskit::verification {

using support::Error;
using support::ExitCode;

void require_reading(thingsboard::Session& session, const std::string& device_id,
                     std::stop_token stop) {
  thingsboard::Client client(session, std::move(stop));
  if (const auto answer = client.log_in(); !answer) {
    throw Error(ExitCode::unreachable, thingsboard::explain(answer.error(), session.server()));
  }
  if (device_id.empty()) {
    return;
  }
  const auto point = client.newest_point(device_id, "seq");
  if (!point && point.error().kind == thingsboard::ErrorKind::forbidden) {
    throw Error(ExitCode::unreachable,
                fmt::format("\"{}\" is logged in to {} as {}, which has no right to read the "
                            "telemetry of the devices: set TB_USERNAME and TB_PASSWORD to a tenant "
                            "administrator",
                            session.server().username, session.server().url, session.authority()));
  }
}

void verify_own_run(metrics::Snapshot& run, const OwnRun& own, const std::stop_token& signal,
                    const Amend& amend) {
  const control::StopRequests asked(own.data, signal.stop_requested() ? std::stop_token() : signal);
  run.storage.state = metrics::Storage::State::running;
  amend(run);
  try {
    run.storage = verify_run(own.folder, own.session, own.timeout, own.clock, asked.token());
  } catch (const Error& error) {
    run.storage.state = metrics::Storage::State::incomplete;
    run.storage.trouble = error.what();
  }
  run.limit_evidence.rest_rate_limited = run.storage.rate_limited;
  run.limits = metrics::limits(run.limit_evidence);
  if (run.storage.missing_acknowledged > 0 && run.collapses.empty()) {
    own.observer.await_report(run, asked.token());
  }
  own.observer.stop();
  own.observer.fill(run);
  metrics::conclude(run);
  control::remove_stop_flag(own.data);
  amend(run);
}

metrics::Storage verify_run(const std::filesystem::path& folder, thingsboard::Session& session,
                            config::Duration timeout, support::Clock& clock, std::stop_token stop) {
  const auto deeds = read_deeds(folder);
  if (!deeds) {
    throw Error(ExitCode::failed, deeds.error());
  }
  if (!deeds->stamped) {
    throw Error(ExitCode::usage,
                fmt::format("the messages of {} carry no numbers, so nobody can say which of them "
                            "are stored: run run_telemetry with --verify-stored",
                            folder.filename().string()));
  }
  return verify(*deeds, folder, session, timeout, clock, std::move(stop));
}

}  // namespace stresskit::verification
