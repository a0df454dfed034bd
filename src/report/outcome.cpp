#include "stresskit/report/outputs.hpp"
#include "stresskit/report/thresholds.hpp"

namespace stresskit::report {

Outcome outcome(const metrics::RunRecord& run) {
  const metrics::Snapshot& last = run.last;
  const auto told = [&](bool good, std::string word) {
    return Outcome{good, std::move(word), last.verdict.sentence};
  };
  if (!last.balanced) {
    return told(false, "the ledger does not add up");
  }
  if (crossed(last.thresholds)) {
    return told(false, "threshold crossed");
  }
  switch (last.verdict.kind) {
    case metrics::VerdictKind::nothing:
      return told(false, "no result");
    case metrics::VerdictKind::not_stored:
      return told(!last.thresholds.empty(), "not stored");
    case metrics::VerdictKind::generator:
      return told(false, "generator was the bottleneck");
    case metrics::VerdictKind::collapsed:
      return told(!last.thresholds.empty(), "collapsed");
    case metrics::VerdictKind::refused:
      return told(!last.thresholds.empty(), "refused");
    case metrics::VerdictKind::behind:
      return told(!last.thresholds.empty(), "fell behind");
    case metrics::VerdictKind::unanswered:
      return told(!last.thresholds.empty(), "unanswered");
    case metrics::VerdictKind::kept_up:
      return told(true, last.thresholds.empty() ? "kept up" : "passed");
  }
  return told(false, "unknown");
}

}  // namespace stresskit::report
