#include "dashboard/http_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HttpCodecTest : public testing::Test {
 protected:
  Reply send(const std::string& head) { return codec.answer(head); }

  Request seen;
  Answer next{.type = "application/json", .body = "{\"a\":1}", .tag = "t1"};
  HttpCodec codec{[this](const Request& request) {
    seen = request;
    return request.method == "GET" || request.method == "HEAD" ? next : error_answer(405, "no");
  }};
};

TEST_F(HttpCodecTest, EveryAnswerCarriesTheProtectiveHeaders) {
  for (const char* head : {"GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n",
                           "GET / HTTP/1.1\r\nRange: bytes=99999999999999999999999-\r\n\r\n"}) {
    const std::string bytes = send(head).bytes;
    EXPECT_THAT(bytes, HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self'"));
    EXPECT_THAT(bytes, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(bytes, HasSubstr("Referrer-Policy: no-referrer\r\n"));
    EXPECT_THAT(bytes, HasSubstr("frame-ancestors 'none'"));
  }
  EXPECT_THAT(send("GET / HTTP/1.1\r\n\r\n").bytes, HasSubstr("Cache-Control: no-store\r\n"));
}

TEST_F(HttpCodecTest, HeadHasTheHeadersOfGetAndNoBody) {
  const std::string bytes = send("HEAD /x HTTP/1.1\r\n\r\n").bytes;
  EXPECT_THAT(bytes, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(bytes, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(bytes, testing::EndsWith("\r\n\r\n"));
}

TEST_F(HttpCodecTest, OtherMethodsAreToldWhichOnesAreAllowed) {
  const Reply reply = send("POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
  EXPECT_THAT(reply.bytes, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(reply.bytes, HasSubstr("Allow: GET, HEAD\r\n"));
  EXPECT_TRUE(reply.close);
}

// Its bytes would be taken for the next request.
TEST_F(HttpCodecTest, ARequestThatAnnouncesABodyEndsItsConnection) {
  EXPECT_TRUE(send("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n").close);
  EXPECT_TRUE(send("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").close);
  EXPECT_FALSE(send("GET / HTTP/1.1\r\n\r\n").close);
}

TEST_F(HttpCodecTest, ConnectionEndsWhenTheClientSaysSo) {
  EXPECT_TRUE(send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").close);
  EXPECT_TRUE(send("GET / HTTP/1.0\r\n\r\n").close);
}

TEST_F(HttpCodecTest, PathAndQueryArriveDecoded) {
  send("GET /js/..%2f%00x?run=a%2Fb&from=1 HTTP/1.1\r\nIf-None-Match: \"t\"\r\n\r\n");
  EXPECT_EQ(seen.path, std::string("/js/../\0x", 9));
  EXPECT_EQ(seen.query["run"], "a/b");
  EXPECT_EQ(seen.query["from"], "1");
  EXPECT_EQ(seen.if_none_match, "\"t\"");
}

TEST_F(HttpCodecTest, UnchangedIsAnsweredWithoutBody) {
  next = {.status = 304, .tag = "t1"};
  const std::string bytes = send("GET / HTTP/1.1\r\n\r\n").bytes;
  EXPECT_THAT(bytes, StartsWith("HTTP/1.1 304"));
  EXPECT_THAT(bytes, HasSubstr("ETag: \"t1\"\r\n"));
}

TEST_F(HttpCodecTest, LargeAnswersAreGzippedForThoseWhoTakeIt) {
  next.body.assign(50'000, 'a');
  pack(next);
  const std::string plain = send("GET / HTTP/1.1\r\nAccept-Encoding: br\r\n\r\n").bytes;
  const std::string packed = send("GET / HTTP/1.1\r\nAccept-Encoding: br, gzip\r\n\r\n").bytes;
  EXPECT_THAT(plain, Not(HasSubstr("Content-Encoding")));
  EXPECT_THAT(packed, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_LT(packed.size(), plain.size() / 10);
}

TEST_F(HttpCodecTest, AcceptIsHandedOnAndTheServersClockIsSaid) {
  next.now = 1'763'900'000.25;
  const std::string bytes = send("GET /metrics HTTP/1.1\r\nAccept: text/plain\r\n\r\n").bytes;
  EXPECT_EQ(seen.accept, "text/plain");
  EXPECT_THAT(bytes, HasSubstr("Server-Time: 1763900000.250\r\n"));
  EXPECT_THAT(bytes, HasSubstr("Vary: Accept, Accept-Encoding\r\n"));
}

TEST_F(HttpCodecTest, AReportHasAPolicyOfItsOwn) {
  next.is_report = true;
  const std::string bytes = send("GET / HTTP/1.1\r\n\r\n").bytes;
  EXPECT_THAT(bytes, HasSubstr("Content-Security-Policy: sandbox; default-src 'none'; "));
  EXPECT_THAT(bytes, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(bytes, Not(HasSubstr("script-src"))) << "one policy, not two";
}

TEST_F(HttpCodecTest, APasswordIsHandedOnAndAskedFor) {
  next = error_answer(401, "no");
  const std::string bytes = send("GET / HTTP/1.1\r\nAuthorization: Basic eDp5\r\n\r\n").bytes;
  EXPECT_EQ(seen.authorization, "Basic eDp5");
  EXPECT_THAT(bytes, HasSubstr("WWW-Authenticate: Basic realm="));
}

TEST_F(HttpCodecTest, RangesAreIgnored) {
  EXPECT_THAT(send("GET / HTTP/1.1\r\nRange: bytes=0-0\r\n\r\n").bytes, HasSubstr("{\"a\":1}"));
}

TEST_F(HttpCodecTest, NonsenseIsAnsweredAndEndsTheConnection) {
  const std::string many_ranges = [] {
    std::string text = "bytes=0-0";
    while (text.size() < 8'000) {
      text += ",0-0";
    }
    return text;
  }();
  for (const std::string& head :
       {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("\x16\x03\x01\x02\r\n\r\n"), std::string("BREW / HTTP/1.1\r\n\r\n"),
        "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n\r\n",
        std::string("GET / HTTP/1.1\r\nRange: bytes=99999999999999999999999-\r\n\r\n"),
        "GET / HTTP/1.1\r\nX: " + std::string(9'000, 'a') + "\r\n\r\n"}) {
    const Reply reply = send(head);
    EXPECT_THAT(reply.bytes, StartsWith("HTTP/1.1 4")) << head.substr(0, 60);
    EXPECT_TRUE(reply.close) << head.substr(0, 60);
  }
  EXPECT_THAT(send("GET / HTTP/1.1\r\nRange: " + many_ranges + "\r\n\r\n").bytes,
              StartsWith("HTTP/1.1"));
}

}  // namespace
}  // namespace stresskit::dashboard
