#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/provision/outcome.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/error.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace stresskit::provision {

/// What became of the devices. deleted + gone + failed + not_tried = all of them.
struct DeletionReport {
  std::string prefix;
  std::uint32_t found = 0;
  std::uint32_t deleted = 0;
  std::uint32_t gone = 0;  ///< vanished by themselves meanwhile
  std::vector<Failed> failed;
  std::uint32_t not_tried = 0;
  bool dry_run = false;
  std::vector<std::string> names;  ///< of a dry run
  std::string ended_early;         ///< the reason; empty: it did not
  support::ExitCode code = support::ExitCode::done;
  support::Mono::duration took{};
};

/// What to do besides deleting.
struct DeletionWishes {
  bool dry_run = false;  ///< only list
  /// Asked before the first deletion; empty: nobody has to be asked.
  std::function<bool(const std::string& question)> confirm;
};

/// Deletes every device of the tenant whose name begins with the prefix, `settings.concurrency` at
/// once (8 at most), with retries and progress. All of them are listed first, for pages shift under
/// a list that shrinks. A device that vanishes meanwhile is fine.
///
/// Throws support::Error: usage for an empty or blank prefix (nothing is contacted), unreachable
/// when the server cannot be asked, partial when a stop came before anything was done.
[[nodiscard]] DeletionReport delete_by_prefix(const std::string& prefix,
                                              config::Provisioning settings,
                                              config::ThingsBoard server,
                                              const DeletionWishes& wishes, support::Clock& clock,
                                              std::stop_token stop);

/// Puts a question on standard error and waits for a line on standard input: whether it begins with
/// y or Y. A requested stop or the end of the input is a no.
[[nodiscard]] bool ask_on_terminal(const std::string& question, std::stop_token stop);

[[nodiscard]] std::string summary(const DeletionReport& report);
[[nodiscard]] std::string to_json(const DeletionReport& report);

}  // namespace stresskit::provision
