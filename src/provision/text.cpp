#include "stresskit/provision/delete_by_prefix.hpp"
#include "stresskit/provision/provision.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace stresskit::provision {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_names = 5;

double per_second(std::uint32_t count, support::Mono::duration took) {
  const double seconds = support::to_seconds(took);
  return seconds > 0 ? count / seconds : 0;
}

std::string failure_lines(const std::vector<Failed>& failed) {
  std::string out;
  for (const FailureGroup& group : group_by_reason(failed, most_names)) {
    out += fmt::format("  {} x {}: {}{}\n", group.count, group.reason, fmt::join(group.names, ", "),
                       group.count > most_names ? ", ..." : "");
  }
  return out;
}

std::string not_tried_line(std::uint32_t not_tried, std::string_view reason) {
  return not_tried == 0 ? std::string()
                        : fmt::format("{} not tried: {}; repeat the command to go on\n",
                                      support::format_count(not_tried, "device"), reason);
}

ordered_json failures_json(const std::vector<Failed>& failed) {
  ordered_json out = ordered_json::array();
  for (const FailureGroup& group : group_by_reason(failed, failed.size())) {
    out.push_back({{"reason", group.reason}, {"count", group.count}, {"devices", group.names}});
  }
  return out;
}

std::string_view status(support::ExitCode code) {
  switch (code) {
    case support::ExitCode::done:
      return "done";
    case support::ExitCode::partial:
      return "partial";
    default:
      return "failed";
  }
}

std::string dump(const ordered_json& document) {
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string summary(const Report& report) {
  const std::uint32_t ready = report.ready();
  std::string out = fmt::format(
      "provisioned {} of {} with prefix \"{}\" in {} ({:.0f} a second): {} created, {} existed "
      "already ({} brought up to date)\n",
      ready, support::format_count(report.device_count, "device"), report.prefix,
      support::format_duration(report.took), per_second(ready, report.took), report.created,
      report.reused, report.updated);
  if (!report.failed.empty()) {
    out += fmt::format("{} failed:\n{}", support::format_count(report.failed.size(), "device"),
                       failure_lines(report.failed));
  }
  out += not_tried_line(report.not_tried, report.ended_early);
  if (report.left_on_server > 0) {
    out += fmt::format(
        "{} with a number above {} stay on the server but are not in tokens.json; delete_by_prefix "
        "deletes all devices of the prefix\n",
        support::format_count(report.left_on_server, "device"), report.device_count);
  }
  return out;
}

std::string to_json(const Report& report) {
  return dump({{"status", status(report.code)},
               {"prefix", report.prefix},
               {"device_count", report.device_count},
               {"created", report.created},
               {"existing", report.reused},
               {"updated", report.updated},
               {"failed", report.failed.size()},
               {"not_tried", report.not_tried},
               {"left_on_server", report.left_on_server},
               {"ended_early", report.ended_early},
               {"failures", failures_json(report.failed)},
               {"seconds", support::to_seconds(report.took)},
               {"devices_per_second", per_second(report.ready(), report.took)}});
}

std::string summary(const DeletionReport& report) {
  if (report.found == 0) {
    return fmt::format("no device begins with \"{}\": nothing to delete\n", report.prefix);
  }
  if (report.dry_run) {
    return fmt::format("{}\n{} would be deleted\n", fmt::join(report.names, "\n"),
                       support::format_count(report.found, "device"));
  }
  std::string out = fmt::format(
      "deleted {} of {} with prefix \"{}\" in {} ({:.0f} a second){}\n", report.deleted,
      support::format_count(report.found, "device"), report.prefix,
      support::format_duration(report.took), per_second(report.deleted, report.took),
      report.gone > 0 ? fmt::format(", {} were gone already", report.gone) : std::string());
  if (!report.failed.empty()) {
    out += fmt::format("{} left on the server:\n{}",
                       support::format_count(report.failed.size(), "device"),
                       failure_lines(report.failed));
  }
  return out + not_tried_line(report.not_tried, report.ended_early);
}

std::string to_json(const DeletionReport& report) {
  ordered_json out{{"status", status(report.code)},
                   {"prefix", report.prefix},
                   {"dry_run", report.dry_run},
                   {"found", report.found},
                   {"deleted", report.deleted},
                   {"gone", report.gone},
                   {"failed", report.failed.size()},
                   {"not_tried", report.not_tried},
                   {"ended_early", report.ended_early},
                   {"failures", failures_json(report.failed)},
                   {"seconds", support::to_seconds(report.took)}};
  if (report.dry_run) {
    out["devices"] = report.names;
  }
  return dump(out);
}

}  // namespace stresskit::provision
