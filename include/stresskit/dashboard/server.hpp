#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace stresskit::dashboard {

/// Serves the page and the published files of a data directory over HTTP, read-only.
///
/// Reads files and asks who holds the run lock, nothing else, so it outlives any run; the data
/// directory need not exist. Only GET and HEAD are answered. What is published: the page's own
/// files, `metrics.json`, and below `runs/` the timelines. Symbolic links are never followed, and
/// `tokens.json` and `devices.csv` are served under no name.
///
/// Threads: one thread makes every call; a client that is slow in sending or in reading holds
/// nobody up. The figures of a run that was killed are rebuilt on a thread of their own.
class Server {
 public:
  /// Listens at once, with a warning when others than this machine's programs can connect and no
  /// password is set. Throws support::Error(usage) when the address cannot be had: the port is
  /// taken, the address is not one of this machine, the name is unknown.
  Server(const config::Dashboard& settings, const config::Data& data,
         const std::filesystem::path& web_folder, support::Clock& clock);
  ~Server();

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port in use: the one asked for, or the free one found for 0.
  [[nodiscard]] std::uint16_t port() const;

  /// What to open in a browser on this machine: "http://127.0.0.1:5000/".
  [[nodiscard]] std::string url() const;

  /// Answers until a stop is requested; open connections are closed then.
  void run(std::stop_token stop);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The folder of the page: `../web` of the running program (a build), else
/// `../share/stresskit/web` (an installed kit). Throws support::Error(failed) when there is
/// neither.
[[nodiscard]] std::filesystem::path find_web_folder();

/// The line that says where to look, for people or (`json`) for scripts: {"url": ..., "data_dir":
/// ...}.
[[nodiscard]] std::string announcement(const std::string& url, const std::filesystem::path& data,
                                       bool json);

}  // namespace stresskit::dashboard
