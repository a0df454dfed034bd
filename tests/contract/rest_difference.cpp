#include "contract/rest_replay.hpp"

#include "stresskit/support/base64.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace stresskit::contract {
namespace {

using nlohmann::json;

/// What to make of the values of an answer before comparing.
struct Rules {
  std::set<std::string> is_volatile;
  bool loose = false;
};

Rules read_rules(const json& setup) {
  Rules rules{{"createdTime", "timestamp", "lastUpdateTs", "exp", "iat"},
              setup.value("loose", false)};
  for (const json& name : setup.value("volatile", json::array())) rules.is_volatile.insert(name);
  return rules;
}

/// A token by what it claims; the recorded ones that were cut are all alike.
json claims_of(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == last) return nullptr;
  const auto claims = support::decode_base64(token.substr(first + 1, last - first - 1));
  return json::parse(claims.value_or(""), nullptr, false);
}

bool is_jwt(const json& value) {
  return value.is_string() && value.get_ref<const std::string&>().starts_with("eyJ");
}

/// Members and list entries have no order of their own: attributes come in the order of a
/// dictionary, devices in that of their ids.
bool has_order(const json& list) {
  return !std::all_of(list.begin(), list.end(), [](const json& entry) {
    return entry.is_string() ||
           (entry.is_object() && (entry.contains("key") || entry.contains("name")));
  });
}

std::string sort_key(const json& entry) {
  if (entry.is_string()) return entry.get<std::string>();
  return entry.value(entry.contains("key") ? "key" : "name", "");
}

std::string compare(const json& wanted, const json& got, const Rules& rules,
                    const std::string& where);

std::string compare_objects(const json& wanted, const json& got, const Rules& rules,
                            const std::string& where) {
  std::string different;
  for (const auto& [name, value] : wanted.items()) {
    const std::string member = where + "/" + name;
    if (!got.contains(name)) {
      different += member + " is missing\n";
    } else if (rules.is_volatile.contains(name)) {
      different += compare(value, got.at(name), {rules.is_volatile, true}, member);
    } else {
      different += compare(value, got.at(name), rules, member);
    }
  }
  for (const auto& [name, value] : got.items()) {
    if (!wanted.contains(name)) different += where + "/" + name + " was not recorded\n";
  }
  return different;
}

std::string compare_lists(json wanted, json got, const Rules& rules, const std::string& where) {
  const auto by_key = [](const json& a, const json& b) { return sort_key(a) < sort_key(b); };
  if (!has_order(wanted) && !has_order(got)) {
    std::sort(wanted.begin(), wanted.end(), by_key);
    std::sort(got.begin(), got.end(), by_key);
  }
  if (rules.loose && (wanted.empty() || got.empty())) return {};
  if (!rules.loose && wanted.size() != got.size()) {
    return where + ": " + std::to_string(wanted.size()) + " entries recorded, got " + got.dump() +
           "\n";
  }
  std::string different;
  for (std::size_t i = 0; i < (rules.loose ? 1 : wanted.size()); ++i) {
    different += compare(wanted[i], got[i], rules, where + "/" + std::to_string(i));
  }
  return different;
}

bool is_new_id(const json& wanted, const json& got) {
  static const std::regex form("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  return wanted.is_string() && got.is_string() &&
         std::regex_match(wanted.get<std::string>(), form) &&
         std::regex_match(got.get<std::string>(), form);
}

std::string compare(const json& wanted, const json& got, const Rules& rules,
                    const std::string& where) {
  if (is_jwt(wanted) && is_jwt(got)) {
    return compare(claims_of(wanted), claims_of(got), rules, where + "(claims)");
  }
  if (wanted == "<jwt>" && is_jwt(got)) return {};
  const bool same_kind = wanted.is_number() ? got.is_number() : wanted.type() == got.type();
  if (!same_kind) {
    return rules.loose && (wanted.is_null() || where.ends_with("/value"))
               ? ""
               : where + ": " + wanted.dump() + " recorded, got " + got.dump() + "\n";
  }
  if (wanted.is_object()) return compare_objects(wanted, got, rules, where);
  if (wanted.is_array()) return compare_lists(wanted, got, rules, where);
  // An id the recording's preconditions did not give out is a new one, here as there.
  if (rules.loose || wanted == got || is_new_id(wanted, got)) return {};
  return where + ": " + wanted.dump() + " recorded, got " + got.dump() + "\n";
}

std::string compare_headers(const json& recorded, const test::HttpResponse& response,
                            const RestReplay& replay) {
  std::string different;
  for (const char* name :
       {"Content-Type", "Transfer-Encoding", "Connection", "Location", "Allow"}) {
    const std::string wanted = replay.translate(recorded.value(name, ""));
    const std::string got = response.header(name);
    if (wanted != got) {
      different += std::string(name) + ": \"" + wanted + "\" recorded, got \"" + got + "\"\n";
    }
  }
  const bool had_length = recorded.contains("Content-Length");
  if (had_length == response.header("Content-Length").empty()) {
    different += had_length ? "Content-Length is missing\n" : "Content-Length was not recorded\n";
  }
  if (recorded.value("Connection", "") == "close" && !response.connection_ended) {
    different += "the connection was not closed\n";
  }
  return different;
}

/// A recording that kept the bytes instead of taking them apart.
json take_apart(const std::string& raw) {
  json headers = json::object();
  const std::size_t head_end = raw.find("\r\n\r\n");
  for (std::size_t at = raw.find("\r\n"); at < head_end;) {
    const std::size_t start = at + 2;
    at = raw.find("\r\n", start);
    const std::size_t colon = raw.find(": ", start);
    headers[raw.substr(start, colon - start)] = raw.substr(colon + 2, at - colon - 2);
  }
  return {{"status", std::stoi(raw.substr(9, 3))},
          {"headers", headers},
          {"bodyText", raw.substr(head_end + 4)}};
}

}  // namespace

std::string difference(const json& recorded, const RestReplay::Answer& answer, const json& setup,
                       const RestReplay& replay) {
  json wanted = recorded.at("response");
  if (wanted.contains("raw")) wanted = take_apart(wanted.at("raw").get<std::string>());
  if (wanted.at("status") != answer.status) {
    return "status " + wanted.at("status").dump() + " recorded, got " + answer.response.raw;
  }
  std::string different =
      compare_headers(wanted.value("headers", json::object()), answer.response, replay);
  if (wanted.contains("body")) {
    const json body = json::parse(replay.translate(wanted.at("body").dump()));
    different += compare(body, answer.body, read_rules(setup), "");
  } else if (replay.translate(wanted.value("bodyText", "")) != answer.response.body) {
    different += "body \"" + wanted.value("bodyText", "") + "\" recorded, got \"" +
                 answer.response.body + "\"\n";
  }
  return different;
}

}  // namespace stresskit::contract
