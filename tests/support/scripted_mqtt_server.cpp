#include "support/scripted_mqtt_server.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace stresskit::test {
namespace {

using Tls = std::unique_ptr<SSL, decltype(&SSL_free)>;

int listen_on_loopback(int receive_buffer) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) {  // before listen: what is accepted inherits it
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(descriptor, 1024) != 0) {
    throw std::runtime_error("scripted MQTT server: cannot listen on 127.0.0.1");
  }
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

SSL_CTX* make_tls(const ScriptedMqttServer::Options& options) {
  const std::optional<ServerCertificate>& files = options.tls;
  if (!files) {
    return nullptr;
  }
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_max_proto_version(context, options.only_tls_1_2 ? TLS1_2_VERSION : 0);
  if (SSL_CTX_use_certificate_chain_file(context, files->certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, files->key.c_str(), SSL_FILETYPE_PEM) != 1) {
    SSL_CTX_free(context);
    throw std::runtime_error("scripted MQTT server: cannot use its certificate");
  }
  return context;
}

}  // namespace

class ScriptedMqttServer::Connection : public Session {
 public:
  Connection(ScriptedMqttServer& server, std::size_t index, int descriptor)
      : server_(server), index_(index), descriptor_(descriptor), tls_(nullptr, SSL_free) {}
  ~Connection() override { close(); }

  // False when the client does not want our certificate.
  bool shake_hands(SSL_CTX* context) {
    if (context == nullptr) {
      return true;
    }
    tls_.reset(SSL_new(context));
    SSL_set_fd(tls_.get(), descriptor_);
    return SSL_accept(tls_.get()) == 1;
  }

  // From the server's thread, while the script may be using the descriptor.
  void interrupt() {
    const std::lock_guard lock(mutex_);
    if (descriptor_ != -1) {
      ::shutdown(descriptor_, SHUT_RDWR);
    }
  }

  void close() {
    if (tls_ && descriptor_ != -1) {
      SSL_shutdown(tls_.get());
    }
    const std::lock_guard lock(mutex_);
    if (descriptor_ != -1) {
      ::close(descriptor_);
      descriptor_ = -1;
    }
  }

  std::size_t index() const override { return index_; }

  std::uint8_t level() const override { return level_; }

  std::string server_name() const override {
    const char* name = tls_ ? SSL_get_servername(tls_.get(), TLSEXT_NAMETYPE_host_name) : nullptr;
    return name != nullptr ? name : "";
  }

  bool resumed() const override { return tls_ && SSL_session_reused(tls_.get()) == 1; }

  std::optional<Packet> receive() override {
    std::string first(1, '\0');
    Packet packet;
    if (!read(first) || !read_body(packet.body)) {
      return std::nullopt;
    }
    packet.type = static_cast<PacketType>(static_cast<std::uint8_t>(first[0]) >> 4);
    packet.flags = static_cast<std::uint8_t>(first[0] & 0x0F);
    packet.connection = index_;
    packet.at = std::chrono::steady_clock::now();
    if (packet.type == PacketType::connect && packet.body.size() > 6) {
      level_ = static_cast<std::uint8_t>(packet.body[6]);  // after the name "MQTT"
    }
    packet.level = level_;
    server_.record(packet);
    return packet;
  }

  void send(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto sent = tls_ ? static_cast<ssize_t>(SSL_write(tls_.get(), bytes.data(),
                                                              static_cast<int>(bytes.size())))
                             : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return;  // the client has gone: the script will see it when it reads
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void renew_keys() override {
    SSL_key_update(tls_.get(), SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(tls_.get());
  }

  void hold() override {
    std::unique_lock lock(server_.mutex_);
    server_.changed_.wait(lock, [this] { return server_.stopping_; });
  }

  void reset_at_end() override {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }

 private:
  bool read(std::string& into) {
    std::size_t have = 0;
    while (have < into.size()) {
      char* const to = into.data() + have;
      const std::size_t left = into.size() - have;
      const auto got = tls_ ? static_cast<ssize_t>(SSL_read(tls_.get(), to, static_cast<int>(left)))
                            : ::recv(descriptor_, to, left, 0);
      if (got <= 0) {
        return false;
      }
      have += static_cast<std::size_t>(got);
    }
    return true;
  }

  bool read_body(std::string& body) {
    std::size_t length = 0;
    std::string part(1, '\0');
    for (int shift = 0; shift < 28; shift += 7) {
      if (!read(part)) {
        return false;
      }
      length |= static_cast<std::size_t>(part[0] & 0x7F) << shift;
      if ((part[0] & 0x80) == 0) {
        break;
      }
    }
    body.resize(length);
    return read(body);
  }

  ScriptedMqttServer& server_;
  const std::size_t index_;
  std::mutex mutex_;  // closing against interrupting
  int descriptor_;
  Tls tls_;
  std::uint8_t level_ = 4;
};

void ScriptedMqttServer::Session::connack(std::uint8_t code, std::string_view properties) {
  std::string body{'\0', static_cast<char>(code)};
  if (level() == 5) {
    body += static_cast<char>(properties.size());
    body += properties;
  }
  send(make_packet(PacketType::connack, body));
}

void ScriptedMqttServer::Session::puback(std::uint16_t id, std::uint8_t reason) {
  send(make_packet(PacketType::puback, big_endian(id) + static_cast<char>(reason) + '\0'));
}

void ScriptedMqttServer::Session::disconnect(std::uint8_t reason) {
  send(make_packet(PacketType::disconnect, std::string{static_cast<char>(reason), '\0'}));
}

void ScriptedMqttServer::Session::publish(std::string_view topic, std::string_view payload,
                                          std::uint16_t id) {
  constexpr std::uint8_t qos_1 = 2;
  std::string body = prefixed(topic) + big_endian(id);
  if (level() == 5) {
    body += '\0';  // no properties
  }
  send(make_packet(PacketType::publish, body + std::string(payload), qos_1));
}

ScriptedMqttServer::ScriptedMqttServer(Script script, const Options& options)
    : script_(std::move(script)),
      tls_(make_tls(options), SSL_CTX_free),
      listener_(listen_on_loopback(options.receive_buffer)),
      port_(port_of(listener_)),
      acceptor_([this] { accept_all(); }) {}

ScriptedMqttServer::~ScriptedMqttServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept
  acceptor_.join();
  for (const auto& connection : connections_) {
    connection->interrupt();
  }
  threads_.clear();
  ::close(listener_);
}

void ScriptedMqttServer::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor == -1) {
      return;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const std::lock_guard lock(mutex_);
    connections_.push_back(std::make_unique<Connection>(*this, connections_.size(), descriptor));
    Connection& connection = *connections_.back();
    threads_.emplace_back([this, &connection] { run(connection); });
  }
}

void ScriptedMqttServer::run(Connection& connection) {
  if (connection.shake_hands(tls_.get())) {
    script_(connection);
  }
  connection.close();
  {
    const std::lock_guard lock(mutex_);
    ++ended_;
  }
  changed_.notify_all();
}

void ScriptedMqttServer::record(Packet packet) {
  {
    const std::lock_guard lock(mutex_);
    packets_.push_back(std::move(packet));
  }
  changed_.notify_all();
}

std::vector<Packet> ScriptedMqttServer::packets() const {
  const std::lock_guard lock(mutex_);
  return packets_;
}

std::vector<Packet> ScriptedMqttServer::packets(PacketType type) const {
  std::vector<Packet> found = packets();
  std::erase_if(found, [type](const Packet& packet) { return packet.type != type; });
  return found;
}

bool ScriptedMqttServer::wait_for(PacketType type, std::size_t count,
                                  std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] {
    return static_cast<std::size_t>(std::ranges::count(packets_, type, &Packet::type)) >= count;
  });
}

bool ScriptedMqttServer::wait_for_ended(std::size_t count, std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return ended_ >= count; });
}

void ScriptedMqttServer::serve(Session& session) {
  while (const auto packet = session.receive()) {
    switch (packet->type) {
      case PacketType::connect:
        session.connack(0);
        break;
      case PacketType::publish:
        if (packet->qos() == 1) {
          session.puback(packet->id());
        }
        break;
      case PacketType::pingreq:
        session.send(make_packet(PacketType::pingresp, {}));
        break;
      case PacketType::disconnect:
        return;
      default:
        break;
    }
  }
}

ScriptedMqttServer::Script ScriptedMqttServer::refuse(std::uint8_t code) {
  return [code](Session& session) {
    (void)session.receive();
    session.connack(code);
  };
}

}  // namespace stresskit::test
