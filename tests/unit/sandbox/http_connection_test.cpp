#include "sandbox/http_connection.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

const std::string body = "\r\n\r\n{}";

TEST(FinishedAnswer, IsTheLastOnItsConnectionWhereThePlatformCloses) {
  for (const char* status : {"400", "413", "500"}) {
    const Outgoing out = finish_answer("HTTP/1.1 " + std::string(status) + " X" + body, false);
    EXPECT_TRUE(out.close) << status;
    EXPECT_EQ(out.bytes, "HTTP/1.1 " + std::string(status) + " X\r\nConnection: close" + body);
  }
  for (const char* status : {"200", "302", "401", "403", "404", "409", "429", "503"}) {
    EXPECT_FALSE(finish_answer("HTTP/1.1 " + std::string(status) + " X" + body, false).close);
  }
}

TEST(FinishedAnswer, SaysSoWhenItIsTheLastOfItsConnection) {
  EXPECT_EQ(finish_answer("HTTP/1.1 200 OK" + body, true).bytes,
            "HTTP/1.1 200 OK\r\nConnection: close" + body);
}

TEST(FinishedAnswer, CarriesNoKeepAlive) {
  EXPECT_EQ(finish_answer("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=5" + body, false).bytes,
            "HTTP/1.1 200 OK" + body);
}

TEST(FinishedAnswer, LeavesTheBodyAlone) {
  const std::string answer = "HTTP/1.1 200 OK\r\n\r\n\r\nKeep-Alive: in the body\r\n";
  EXPECT_EQ(finish_answer(answer, false).bytes, answer);
}

TEST(FinishedAnswer, IsCutAsTheFaultSays) {
  const Outgoing before = finish_answer("HTTP/1.1 200 OK\r\nX-Sandbox-Cut: before" + body, false);
  EXPECT_EQ(before.bytes, "");
  EXPECT_TRUE(before.close);
  const Outgoing half = finish_answer("HTTP/1.1 200 OK\r\nX-Sandbox-Cut: half" + body, false);
  const std::string whole = "HTTP/1.1 200 OK" + body;
  EXPECT_EQ(half.bytes, whole.substr(0, whole.size() / 2));
  EXPECT_TRUE(half.close);
}

}  // namespace
}  // namespace stresskit::sandbox
