#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/error.hpp"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace stresskit::preflight {

enum class StepResult { ok, warning, failed, skipped };

/// One thing that was tried.
struct Step {
  std::string
      name;  ///< "log-in", "account", "devices", "prefix", "profile", "version", "mqtt", "limits"
  StepResult result = StepResult::ok;
  support::Mono::duration took{};
  std::string text;  ///< what was found, or what is wrong and what to try
};

struct Connectivity {
  std::vector<Step> steps;  ///< in order; nothing is tried after a failed one
  support::ExitCode code = support::ExitCode::done;
};

/// What to look at.
struct ConnectivitySetup {
  const config::ThingsBoard& server;
  const config::Fleet& fleet;
  const config::Mqtt& mqtt;
  const config::Data& data;
  const config::Burst& burst;  ///< what a run would do: weighed against the limits
  bool run_active = false;  ///< then no MQTT connection is made: it would evict a device of the run
};

/// Tries the way to the server step by step, as a run would go it, and changes nothing: log in, who
/// we are, one device query, devices of the prefix, default profile, version, and, when tokens
/// exist, one MQTT connection with the first of them; then a step for each limit of the server, a
/// warning where a run with these settings would meet it. Each step is told as soon as it has
/// ended.
///
/// Throws support::Error(usage) for settings that no server can help.
[[nodiscard]] Connectivity check_connectivity(const ConnectivitySetup& setup, support::Clock& clock,
                                              std::stop_token stop,
                                              const std::function<void(const Step&)>& tell);

/// "ok       log-in    12.3 ms  logged in to ..."; the text of a failed step is left to the error.
[[nodiscard]] std::string to_line(const Step& step);
/// The result as one JSON object, with a line end.
[[nodiscard]] std::string to_json(const Connectivity& result);

}  // namespace stresskit::preflight
