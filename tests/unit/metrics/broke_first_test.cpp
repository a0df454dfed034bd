#include "stresskit/metrics/broke_first.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace stresskit::metrics {
namespace {

using testing::HasSubstr;

constexpr double first_due = 1'000'000;

/// 60 bursts of 100 devices, one a second, all acknowledged in time.
Snapshot good_run() {
  Snapshot s;
  s.started_at = first_due - 2;
  s.elapsed_s = 62;
  s.interval_sec = 1;
  s.device_count = 100;
  s.connected = 100;
  s.bursts_due = 60;
  for (std::uint64_t k = 0; k < 60; ++k) {
    BurstRow row;
    row.k = k;
    row.due = first_due + static_cast<double>(k);
    s.bursts.push_back(row);
    for (int i = 0; i < 100; ++i) {
      s.totals.send();
      s.totals.acknowledge();
    }
  }
  return s;
}

void fails(Snapshot& s, fleet::Stage stage, fleet::Bucket bucket, std::string detail) {
  s.failures.push_back({{stage, bucket, std::move(detail), {}}, 3});
}

void loses(Snapshot& s, std::uint64_t from, std::uint64_t count) {
  s.storage.state = Storage::State::complete;
  s.storage.missing_from = from;
  s.storage.missing_acknowledged = count;
}

/// The server's counters after its last report: everything accepted, so much of it stored.
void counts(Snapshot& s, std::uint64_t stored_messages) {
  s.server.usage = ServerSide::Usage{.first_at = first_due - 2,
                                     .last_at = first_due + 140,
                                     .lag_s = 60,
                                     .transport_messages = 6'000,
                                     .transport_points = 30'000,
                                     .storage_points = 5 * stored_messages};
}

ServerSide::Queues queues(std::uint64_t total, std::uint64_t failed, std::uint64_t timed_out) {
  return {.rows = 2,
          .total = total,
          .successful = total - failed - timed_out,
          .failed = failed,
          .timed_out = timed_out,
          .trouble_at = failed + timed_out > 0 ? std::optional(first_due + 50) : std::nullopt};
}

struct Case {
  const char* name;
  std::function<void(Snapshot&)> change;
  Side side;
  std::optional<std::uint64_t> from;
  const char* evidence;
};

const Case cases[] = {
    {"nothing happened, and nobody looked behind the acknowledgement",
     [](Snapshot&) {},
     Side::none,
     {},
     "only --verify-stored can tell"},
    {"everything is stored",
     [](Snapshot& s) { s.storage.state = Storage::State::complete; },
     Side::none,
     {},
     "everything that was acknowledged is stored"},
    {"QoS 0", [](Snapshot& s) { s.qos = 0; }, Side::unknown, {}, "QoS 0"},
    {"the ledger is wrong", [](Snapshot& s) { s.balanced = false; }, Side::unknown, {}, "ledger"},
    {"a generator that is late says nothing about the server",
     [](Snapshot& s) {
       s.generator.was_bottleneck = true;
       s.generator.late_bursts = 5;
       s.our_trouble_from = 20;
       s.refused_from = 10;
     },
     Side::generator, 20, "5 of 60 bursts late"},
    {"what was lost before the generator was late is lost all the same",
     [](Snapshot& s) {
       s.generator.was_bottleneck = true;
       s.our_trouble_from = 20;
       loses(s, 8, 300);
       s.server.queues = queues(6'000, 300, 0);
     },
     Side::rule_engine, 8, "300 acknowledged messages were never stored"},
    {"our own ports are used up",
     [](Snapshot& s) {
       s.refused_from = 0;
       fails(s, fleet::Stage::connect, fleet::Bucket::client, "EADDRNOTAVAIL");
     },
     Side::generator, 0, "our own machine's limit"},
    {"nobody could connect",
     [](Snapshot& s) {
       s = Snapshot{};
       s.device_count = 100;
       fails(s, fleet::Stage::connect, fleet::Bucket::network, "ECONNREFUSED");
     },
     Side::connection,
     {},
     "0 of 100 devices connected, mostly ECONNREFUSED"},
    {"a CONNACK 3 in the ramp",
     [](Snapshot& s) {
       s.refused_from = 0;
       fails(s, fleet::Stage::connect, fleet::Bucket::broker, "CONNACK 3");
     },
     Side::connection, 0, "CONNACK 3"},
    {"connections that end with nothing open",
     [](Snapshot& s) {
       s.refused_from = 30;
       s.lost_from = 31;
       s.totals.send();
       fails(s, fleet::Stage::disconnect, fleet::Bucket::network, "closed");
     },
     Side::connection, 30, "devices without a connection, mostly closed"},
    {"connections that are closed on a message",
     [](Snapshot& s) {
       s.refused_from = 30;
       s.lost_from = 30;
       s.limits = {{"device message or data-point limit", "", ""}};
     },
     Side::transport, 30, "messages unanswered, 0 in all: device message or data-point limit"},
    {"messages that a PUBACK refuses on a connection that stays",
     [](Snapshot& s) {
       s.refused_from = s.lost_from = 30;
       for (int i = 0; i < 3; ++i) {
         s.totals.send();
         s.totals.lose();
       }
       fails(s, fleet::Stage::publish, fleet::Bucket::broker, "PUBACK 0x97: quota exceeded");
     },
     Side::transport, 30, "3 messages refused, mostly PUBACK 0x97: quota exceeded\n"},
    {"some refused, and some whose connection ended",
     [](Snapshot& s) {
       s.refused_from = s.lost_from = 30;
       for (int i = 0; i < 5; ++i) {
         s.totals.send();
         s.totals.lose();
       }
       fails(s, fleet::Stage::publish, fleet::Bucket::broker, "PUBACK 0x97: quota exceeded");
     },
     Side::transport, 30, "; connections ended with messages unanswered, 2 in all\n"},
    {"messages without an answer when the run ended, too soon to call that late",
     [](Snapshot& s) {
       s.unanswered_from = 59;
       s.totals.send();
       s.totals.give_up();
     },
     Side::unknown, 59, "never answered: 1 of 6001"},
    {"late acknowledgements, and some that never came",
     [](Snapshot& s) {
       s.behind_from = 12;
       s.totals.send();
       s.totals.give_up();
     },
     Side::transport, 12, "; never answered: 1 of 6001"},
    {"late acknowledgements, and nobody to ask why",
     [](Snapshot& s) {
       s.behind_from = 12;
       s.behind_bursts = 48;
     },
     Side::transport, 12, "or the queue behind it"},
    {"late acknowledgements of a queue that does not confirm",
     [](Snapshot& s) {
       s.behind_from = 12;
       s.server.live = ServerSide::Live{.most_unanswered = 4'000};
     },
     Side::queue, 12, "up to 4000 messages waited for the queue"},
    {"what was late first counts: storage before acknowledgements",
     [](Snapshot& s) {
       s.behind_from = 40;
       s.freshness.late_from = 15;
       s.server.live = ServerSide::Live{.most_rows_waiting = 90'000};
     },
     Side::database, 15, "up to 90000 rows waited for the database"},
    {"acknowledgements before storage",
     [](Snapshot& s) {
       s.behind_from = 10;
       s.freshness.late_from = 15;
     },
     Side::transport, 10, "after the next one was due"},
    {"stored late, and no figure tells where", [](Snapshot& s) { s.freshness.late_from = 15; },
     Side::unknown, 15, "queue, rule engine or database"},
    {"messages pile up before the rule engine",
     [](Snapshot& s) {
       s.freshness.late_from = 15;
       s.server.live = ServerSide::Live{.most_unprocessed = 2'000, .most_rows_waiting = 100};
     },
     Side::queue, 15, "up to 2000 messages waited in the queue"},
    {"time-outs in the rule engine while the database has nothing to do",
     [](Snapshot& s) {
       s.freshness.late_from = 15;
       s.server.live = ServerSide::Live{.timed_out = 800, .most_unprocessed = 2'000};
     },
     Side::rule_engine, 15, "800 timed out in the rule engine"},
    {"time-outs alone do not say what they waited for",
     [](Snapshot& s) {
       s.freshness.late_from = 15;
       s.server.queues = queues(6'000, 0, 800);
     },
     Side::rule_engine, 15, "in its nodes or in saving"},
    {"a rule node that gives messages up",
     [](Snapshot& s) {
       loses(s, 8, 300);
       s.server.queues = queues(6'000, 300, 0);
     },
     Side::rule_engine, 8, "300 of 6000 messages of the tenant failed in a rule node"},
    {"lost, though the rule engine was done with all of them",
     [](Snapshot& s) {
       loses(s, 8, 300);
       counts(s, 5'700);
       s.server.queues = queues(6'000, 0, 0);
     },
     Side::database, 8, "done with all 6000 messages in time"},
    {"lost before the rule engine saw them",
     [](Snapshot& s) {
       loses(s, 8, 300);
       counts(s, 5'700);
       s.server.queues = queues(5'700, 0, 0);
     },
     Side::queue, 8, "took 5700 of 6000 messages"},
    {"the queue's rows of half a run prove nothing",
     [](Snapshot& s) {
       loses(s, 8, 300);
       s.server.queues = queues(3'000, 0, 0);
     },
     Side::unknown, 8, "300 acknowledged messages were never stored"},
    {"the queue tells of trouble that nobody else saw",
     [](Snapshot& s) { s.server.queues = queues(6'000, 0, 800); }, Side::rule_engine, 50,
     "statistics tell of trouble"},
    {"one time-out in a hundred is no trouble",
     [](Snapshot& s) { s.server.queues = queues(6'000, 0, 60); },
     Side::none,
     {},
     "in time"},
    {"a server that ends takes its queue with it",
     [](Snapshot& s) {
       loses(s, 25, 300);
       s.refused_from = 30;
       s.lost_from = 30;
       s.collapses = {{30.2, std::nullopt}};
     },
     Side::transport, 30, "unanswered"},
};

TEST(BrokeFirst, NamesTheSideThatGaveWayFirstAndByWhatThatIsKnown) {
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    Snapshot s = good_run();
    one.change(s);
    const BrokeFirst first = broke_first(s);
    EXPECT_EQ(to_string(first.side), to_string(one.side));
    EXPECT_EQ(first.from_burst, one.from);
    EXPECT_THAT(first.evidence + "\n", HasSubstr(one.evidence));
  }
}

TEST(UsageIsComplete, WhenAllIsReportedOrTheLastReportIsOver) {
  Snapshot s = good_run();
  EXPECT_FALSE(usage_is_complete(s));
  counts(s, 6'000);
  s.server.usage->last_at = first_due + 62;
  EXPECT_TRUE(usage_is_complete(s));
  s.server.usage->transport_messages = 5'999;
  EXPECT_FALSE(usage_is_complete(s));
  s.server.usage->last_at = first_due + 60 + 70;
  EXPECT_TRUE(usage_is_complete(s)) << "some were not accepted, whatever their PUBACK said";
}

}  // namespace
}  // namespace stresskit::metrics
