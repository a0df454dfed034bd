#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::sandbox {

/// The members of one object of settings, each read at most once; what nobody asked for is a
/// spelling mistake. Null reads as left out.
class SettingsSection {
 public:
  SettingsSection(const nlohmann::json& object, std::string name);

  /// The member, or null. It counts as read.
  nlohmann::json take(const char* key);
  void flag(const char* key, bool& out);
  /// A whole number from 0 to `highest`, for arithmetic types and durations.
  template <class Number>
  void number(const char* key, std::uint64_t highest, Number& out) {
    if (const auto value = whole(key, highest)) {
      out = Number(static_cast<typename Raw<Number>::type>(*value));
    }
  }

  void complain(const std::string& what);
  /// The first complaint; empty when there is none.
  [[nodiscard]] std::string finish();

 private:
  template <class Number>
  struct Raw {
    using type = Number;
  };

  std::optional<std::uint64_t> whole(const char* key, std::uint64_t highest);

  nlohmann::json rest_;
  std::string name_;
  std::string problem_;
};

template <class Period>
struct SettingsSection::Raw<std::chrono::duration<std::int64_t, Period>> {
  using type = std::int64_t;
};

}  // namespace stresskit::sandbox
