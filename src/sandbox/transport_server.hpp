#pragma once

#include "sandbox/transport_core.hpp"
#include "sandbox/transport_link.hpp"

#include "stresskit/support/clock.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace stresskit::sandbox {

/// The sockets around TransportCore: one epoll loop over the port, the link, the signal and every
/// device. Decides nothing by itself.
///
/// In a turn of the loop the frames for the platform leave before the answers to the devices; a
/// platform that does not read holds up neither.
class TransportServer final : private TransportCore::Wire {
 public:
  /// Does not own the descriptors.
  TransportServer(int link_descriptor, int listen_descriptor, int signal_descriptor);
  ~TransportServer() override;
  TransportServer(const TransportServer&) = delete;
  TransportServer& operator=(const TransportServer&) = delete;

  /// Serves until the link ends or the signal arrives, then closes every connection by a plain FIN
  /// and the port with it.
  void run();

 private:
  using Id = TransportCore::Id;
  using Time = TransportCore::Time;

  struct Socket {
    int descriptor = -1;
    bool finishing = false;  ///< FIN after `out`
    bool finished = false;   ///< FIN is out; what still arrives is thrown away
    bool waits_to_write = false;
    std::string out;
  };

  void send(Id id, std::string_view bytes) override;
  void finish(Id id) override;
  void to_platform(std::string frame) override;

  void turn();
  void on_event(Id id, std::uint32_t events);
  void accept_some();
  void accept_one(int descriptor, std::string address);
  void read(Id id);
  void flush(Id id);
  void flush_all();
  void flush_link();
  void drop(Id id);
  void drop_lingering();
  void stop();
  [[nodiscard]] int milliseconds_to_wait() const;
  void watch(int operation, int descriptor, Id id, std::uint32_t events) const;

  TransportLink link_;
  int listen_descriptor_;
  int signal_descriptor_;
  int epoll_descriptor_;
  TransportCore core_;
  std::unordered_map<Id, Socket> sockets_;
  std::vector<Id> to_flush_;
  std::vector<epoll_event> events_;
  std::vector<char> buffer_;
  std::deque<std::pair<Time, Id>> lingering_;  ///< closings, oldest first
  Id last_id_;
  bool stopping_ = false;
  bool link_waits_to_write_ = false;
  Time accept_again_{};  ///< set while the process is out of descriptors
};

}  // namespace stresskit::sandbox
