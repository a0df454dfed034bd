#include "integration/thingsboard_caller.hpp"
#include "support/tiny_thingsboard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace stresskit::thingsboard {
namespace {

using namespace std::chrono_literals;
using test::TinyThingsBoard;
using Reply = TinyThingsBoard::Reply;
using Request = TinyThingsBoard::Request;

TEST(SessionSharing, AllClientsUseOneLogIn) {
  TinyThingsBoard board;
  test::ManualClock clock;
  Session session(settings(board.url()), clock);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        Client client(session, {});
        EXPECT_TRUE(client.who_am_i());
      });
    }
  }
  EXPECT_EQ(board.server().count("POST", "/api/auth/login"), 1U);
}

TEST(SessionRenewal, RefreshesBeforeTheTokenEnds) {
  TinyThingsBoard board;
  board.set_token_life(100);
  Caller caller(settings(board.url()));
  ASSERT_TRUE(caller.client.who_am_i());
  caller.clock.advance(89s);
  ASSERT_TRUE(caller.client.who_am_i());
  EXPECT_EQ(board.server().count("POST", "/api/auth/token"), 0U);
  caller.clock.advance(1s);
  ASSERT_TRUE(caller.client.who_am_i());
  EXPECT_EQ(board.server().count("POST", "/api/auth/token"), 1U);
  EXPECT_EQ(board.server().count("POST", "/api/auth/login"), 1U);
}

/// A server that takes only tokens whose number is at least `least`.
void require_token(TinyThingsBoard& board, int least) {
  board.before([least](const Request& request) -> std::optional<Reply> {
    const auto header = request.headers.find("x-authorization");
    if (header == request.headers.end()) {
      return std::nullopt;
    }
    const std::string& value = header->second;
    const int number = std::stoi(value.substr(value.rfind("signature") + 9));
    return number >= least ? std::nullopt
                           : std::optional(TinyThingsBoard::error(401, 11, "Token has expired"));
  });
}

TEST(SessionRenewal, ExpiredInTheMiddleIsRefreshedOnceForEverybody) {
  TinyThingsBoard board;
  test::ManualClock clock;
  Session session(settings(board.url()), clock);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Client>(session, std::stop_token()));
    ASSERT_TRUE(clients.back()->who_am_i());
  }
  require_token(board, 2);
  {
    std::vector<std::jthread> threads;
    for (const auto& client : clients) {
      threads.emplace_back([&client] { EXPECT_TRUE(client->who_am_i()); });
    }
  }
  EXPECT_EQ(board.server().count("POST", "/api/auth/token"), 1U);
  EXPECT_EQ(board.server().count("POST", "/api/auth/login"), 1U);
}

TEST(SessionRenewal, LogsInAnewWhenTheRefreshIsRefused) {
  TinyThingsBoard board;
  Caller caller(settings(board.url()));
  ASSERT_TRUE(caller.client.who_am_i());
  board.before([](const Request& request) -> std::optional<Reply> {
    const auto header = request.headers.find("x-authorization");
    if (request.path == "/api/auth/token" ||
        (header != request.headers.end() && header->second.ends_with("signature1"))) {
      return TinyThingsBoard::error(401, 11, "Token has expired");
    }
    return std::nullopt;
  });
  EXPECT_TRUE(caller.client.who_am_i());
  EXPECT_EQ(board.server().count("POST", "/api/auth/login"), 2U);
}

TEST(SessionRenewal, GivesUpOnAServerThatRefusesItsOwnFreshToken) {
  TinyThingsBoard board;
  require_token(board, 1'000);
  Caller caller(settings(board.url()));
  EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::session_refused);
  const std::size_t asked = board.server().requests().size();
  EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::session_refused);
  EXPECT_EQ(board.server().requests().size(), asked);  // nothing more was sent
}

TEST(SessionRenewal, WrongPasswordIsAskedForOnce) {
  TinyThingsBoard board;
  config::ThingsBoard wrong = settings(board.url());
  wrong.password = "another";
  Caller caller(wrong);
  EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::wrong_password);
  EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::wrong_password);
  EXPECT_EQ(board.server().count("POST", "/api/auth/login"), 1U);
}

}  // namespace
}  // namespace stresskit::thingsboard
