// The server's side of the page: what cut the run off, what was lost, what the server said.
#include "report/server_text.hpp"
#include "report/text.hpp"
#include "sections.hpp"
#include "table.hpp"

#include <fmt/format.h>

namespace stresskit::report {

using metrics::Snapshot;

std::string limits_section(const Snapshot& s) {
  if (s.limits.empty()) {
    return "";
  }
  std::string rows;
  for (const metrics::Limit& limit : s.limits) {
    rows +=
        fmt::format("<tr><th>{}</th><td class=\"detail\">{}</td><td class=\"detail\">{}</td></tr>",
                    escaped(limit.name), escaped(limit.evidence), escaped(limit.setting));
  }
  return table("Limits that were probably met", "<th>limit</th><th>seen</th><th>change</th>", rows);
}

std::string missing_section(const Snapshot& s) {
  if (s.storage.missing.empty()) {
    return "";
  }
  std::string rows;
  for (const metrics::MissingMessage& message : s.storage.missing) {
    rows += fmt::format("<tr><th>{}</th>{}<td>{}</td></tr>", escaped(message.name),
                        number_cell(count_text(message.k)), time_text(message.due));
  }
  return table(fmt::format("Acknowledged and never stored: {}, the first {}",
                           count_text(s.storage.missing_acknowledged), s.storage.missing.size()),
               "<th>device</th><th class=\"n\">burst</th><th>due</th>", rows);
}

std::string server_section(const Snapshot& s) {
  std::string rows;
  for (const std::string& sentence : server_sentences(s)) {
    const std::size_t colon = sentence.find(": ");
    rows += fmt::format("<tr><th>{}</th><td class=\"detail\">{}</td></tr>",
                        escaped(sentence.substr(0, colon)), escaped(sentence.substr(colon + 2)));
  }
  return rows.empty() ? "" : table("What the server said of itself", "", rows);
}

}  // namespace stresskit::report
