#include "files.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

bool fill_device(const Json& json, Event& event) {
  const auto index = whole(json, "device");
  const auto state = device_state_from(word(json, "state").value_or(""));
  event.device = index.value_or(0);
  event.state = state.value_or(DeviceState::connecting);
  event.failure = failure(json);
  return index && state;
}

bool fill_failure(const Json& json, Event& event) {
  event.failure = failure(json);
  event.count = whole(json, "count").value_or(0);
  return event.failure && event.count > 0;
}

/// By its type; false when a field it needs is missing.
bool fill(const Json& json, std::string_view type, Event& event) {
  if (type == "phase") {
    event.type = Event::Type::phase;
    event.words =
        fmt::format("{}/{}", word(json, "status").value_or(""), word(json, "phase").value_or(""));
    return true;
  }
  if (type == "device") {
    event.type = Event::Type::device;
    return fill_device(json, event);
  }
  if (type == "failure") {
    event.type = Event::Type::failure;
    return fill_failure(json, event);
  }
  if (type == "collapse" || type == "recovery") {
    event.type = type == "collapse" ? Event::Type::collapse : Event::Type::recovery;
    const auto since_first_due = number(json, "at_s");
    event.since_due_s = since_first_due.value_or(0);
    return since_first_due.has_value();
  }
  if (type == "threshold") {
    event.type = Event::Type::threshold;
    event.words = word(json, "threshold").value_or("");
    event.actual = word(json, "actual").value_or("");
    return true;
  }
  return false;
}

}  // namespace

void read_events(RunRecord& record) {
  for_each_row(record.folder / "events.ndjson", record.gaps, [&](std::string_view text) {
    const auto json = parse_object(text);
    const auto at = json ? number(*json, "t") : std::nullopt;
    Event event;
    if (!at || !fill(*json, word(*json, "type").value_or(""), event)) {
      return false;
    }
    event.at_s = *at;
    record.events.push_back(std::move(event));
    return true;
  });
}

}  // namespace stresskit::metrics
