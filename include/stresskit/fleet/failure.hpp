#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::fleet {

/// Where in a device's life something failed.
enum class Stage { startup, connect, publish, disconnect };

/// Why it failed, in the words operators filter by. `to_string` gives the spelling of the files
/// ("network-timeout").
enum class Bucket {
  auth,
  network,
  network_timeout,
  tls,
  payload,
  client_memory,
  client_backpressure,
  protocol,
  client_id,
  broker,
  client,
  client_request,
  internal_error,
  unknown,
};

[[nodiscard]] std::string_view to_string(Stage stage);
[[nodiscard]] std::string_view to_string(Bucket bucket);

/// The other way round; nothing for a word that is none of them.
[[nodiscard]] std::optional<Stage> stage_from(std::string_view word);
[[nodiscard]] std::optional<Bucket> bucket_from(std::string_view word);

/// One thing that went wrong with one device. `detail` keeps the words and the code of the library
/// or of the server ("CONNACK 5: not authorized"); it never holds a token.
struct Failure {
  Stage stage = Stage::startup;
  Bucket bucket = Bucket::unknown;
  std::string detail;
  std::optional<std::int64_t> code{};  ///< the number the library or the server gave, if any

  friend bool operator==(const Failure&, const Failure&) = default;
};

}  // namespace stresskit::fleet
