#include "resolve.hpp"

#include "value.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace stresskit::config {

namespace {

/// "--device-count must be ...", ".env:12: DEVICE_COUNT must be ...".
std::string sentence(const Key& key, const Given& given, std::string_view rest) {
  return given.where.starts_with("--") ? fmt::format("{} {}", given.where, rest)
                                       : fmt::format("{}: {} {}", given.where, key.name, rest);
}

std::string missing(const Key& key) {
  const std::string option = key.secret ? ", or hand it over with --password-stdin"
                                        : fmt::format(", or give --{}", key.option);
  return fmt::format("{} is missing: set it in .env or in the environment{}", key.name, option);
}

/// Keys whose empty value says something: "no label", "no type". Elsewhere empty is not given.
bool may_be_empty(const Key& key) {
  return key.type == Type::text && key.needed_by.empty();
}

/// The one way from key name to row for the rules between keys.
const Key& row(std::string_view name) {
  const Key* const found = find_key(name);
  if (found == nullptr) {
    throw std::logic_error(fmt::format("the key table has no {}", name));
  }
  return *found;
}

class Resolver {
 public:
  Resolver(Program program, const Givens& givens) : program_(program), givens_(givens) {}

  Outcome resolve() {
    for (const Key& key : keys()) {
      store_default(key);
      if (key.taken_by.has(program_)) {
        store_given(key);
      }
    }
    if (outcome_.problems.empty()) {
      clamp_count();
      check_engine();
      check_stages();
      check_verification();
      check_deleting();
      warn_of_insecure_tls();
    }
    if (outcome_.problems.empty()) {
      list();
    }
    return std::move(outcome_);
  }

 private:
  void store_default(const Key& key) {
    if (!key.fallback.empty()) {
      key.store(outcome_.settings, parse_value(key, key.fallback).value());
    }
  }

  void store_given(const Key& key) {
    const Given* given = find(key);
    if (given == nullptr || (given->text.empty() && !may_be_empty(key))) {
      if (key.needed_by.has(program_)) {
        outcome_.problems.push_back(missing(key));
      } else if (given != nullptr && refuses_empty(key)) {
        outcome_.problems.push_back(sentence(key, *given, "must not be empty"));
      }
      return;
    }
    if (const auto value = parse_value(key, given->text)) {
      key.store(outcome_.settings, *value);
    } else {
      outcome_.problems.push_back(sentence(key, *given, value.error()));
    }
  }

  /// An empty prefix is a mistake that must not turn into the default: it would delete or make
  /// devices nobody asked for. An option was given its empty value on purpose, too.
  bool refuses_empty(const Key& key) const {
    return key.type == Type::prefix || find(key)->where.starts_with("--");
  }

  void clamp_count() {
    Fleet& fleet = outcome_.settings.fleet;
    const Given* given = find(row("DEVICE_COUNT"));
    fleet.count_given = given != nullptr && !given->text.empty();
    if (fleet.count <= fleet.ceiling) {
      return;
    }
    if (fleet.count_given && row("DEVICE_COUNT").taken_by.has(program_)) {
      warn(row("DEVICE_COUNT"),
           fmt::format("{} is more than DEVICE_CEILING: {} devices are used; raise the ceiling to "
                       "use more",
                       fleet.count, fleet.ceiling));
    }
    fleet.count = fleet.ceiling;
  }

  void check_engine() {
    const Mqtt& mqtt = outcome_.settings.mqtt;
    if (mqtt.version == "5" && mqtt.engine != "native") {
      const Key& version = row("MQTT_VERSION");
      outcome_.problems.push_back(sentence(
          version, *find(version),
          fmt::format("5 needs MQTT_ENGINE native; the engine {} speaks 3.1.1", mqtt.engine)));
    }
  }

  /// Stages say themselves how long the run lasts.
  void check_stages() {
    const Burst& burst = outcome_.settings.burst;
    if (burst.stages.empty()) {
      return;
    }
    const Key& stages = row("RUN_STAGES");
    for (const auto& [given, name] : {std::pair{burst.duration.has_value(), "RUN_DURATION"},
                                      std::pair{burst.bursts.has_value(), "RUN_BURSTS"}}) {
      if (given) {
        outcome_.problems.push_back(sentence(
            stages, *find(stages),
            fmt::format("says how long the run lasts, and so does {}: leave one out", name)));
      }
    }
  }

  /// A run needs REST only to look at what was stored; then all of the address or nothing.
  void check_verification() {
    if (!outcome_.settings.verification.stored || program_ != Program::run_telemetry) {
      return;
    }
    for (const char* name : {"TB_URL", "TB_USERNAME", "TB_PASSWORD"}) {
      const Given* const given = find(row(name));
      if (given == nullptr || given->text.empty()) {
        outcome_.problems.push_back(missing(row(name)) + ": VERIFY_STORED needs it");
      }
    }
  }

  /// The password takes the place where the question would be answered: without a word nothing is
  /// deleted.
  void check_deleting() {
    const Deleting& deleting = outcome_.settings.deleting;
    const Given* const password = find(row("TB_PASSWORD"));
    if (program_ == Program::delete_by_prefix && !deleting.yes && !deleting.dry_run &&
        password != nullptr && password->where == "--password-stdin") {
      outcome_.problems.emplace_back(
          "--password-stdin needs --yes: standard input cannot answer a question as well; "
          "--dry-run lists what would go");
    }
  }

  void list() {
    for (const Key& key : keys()) {
      if (key.name.empty() || key.secret || !key.taken_by.has(program_)) {
        continue;
      }
      const Given* given = find(key);
      const bool counts = given != nullptr && (!given->text.empty() || may_be_empty(key));
      outcome_.settings.listed.emplace_back(key.name,
                                            counts ? given->text : std::string(key.fallback));
    }
  }

  void warn_of_insecure_tls() {
    const auto& [thingsboard, mqtt] =
        std::tie(outcome_.settings.thingsboard, outcome_.settings.mqtt);
    if (thingsboard.tls_insecure && thingsboard.url.starts_with("https:")) {
      warn(row("TB_TLS_INSECURE"), "is on: whoever answers as the server gets the password");
    }
    if (mqtt.tls_insecure && mqtt.tls) {
      warn(row("MQTT_TLS_INSECURE"), "is on: whoever answers as the server gets the tokens");
    }
  }

  [[nodiscard]] const Given* find(const Key& key) const {
    const auto found = givens_.find(&key);
    return found == givens_.end() ? nullptr : &found->second;
  }

  void warn(const Key& key, std::string_view rest) {
    outcome_.warnings.push_back(sentence(key, *find(key), rest));
  }

  Program program_;
  const Givens& givens_;
  Outcome outcome_;
};

}  // namespace

Outcome resolve(Program program, const Givens& givens) {
  return Resolver(program, givens).resolve();
}

}  // namespace stresskit::config
