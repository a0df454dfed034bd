#include "server_text.hpp"
#include "text.hpp"

#include "stresskit/report/outputs.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <sstream>

namespace stresskit::report {

namespace {

using metrics::ThresholdRow;

class Suite {
 public:
  explicit Suite(pugi::xml_node node) : node_(node) {}

  /// `trouble`: empty when the case passed.
  void add(const std::string& name, const std::string& trouble) {
    pugi::xml_node test = node_.append_child("testcase");
    test.append_attribute("classname") = "stresskit";
    test.append_attribute("name") = clean(name).c_str();
    ++tests_;
    if (!trouble.empty()) {
      ++failures_;
      pugi::xml_node failure = test.append_child("failure");
      failure.append_attribute("message") = clean(trouble).c_str();
      failure.append_attribute("type") = "threshold";
    }
  }

  void finish() {
    node_.append_attribute("tests") = tests_;
    node_.append_attribute("failures") = failures_;
    node_.append_attribute("errors") = 0;
    node_.append_attribute("skipped") = 0;
  }

 private:
  pugi::xml_node node_;
  unsigned tests_ = 0;
  unsigned failures_ = 0;
};

std::string trouble(const ThresholdRow& row) {
  return row.state == ThresholdRow::State::passed
             ? ""
             : fmt::format("{}: {}", to_string(row.state), row.actual);
}

std::string storage_trouble(const metrics::Storage& storage) {
  if (storage.missing_acknowledged > 0) {
    return fmt::format("missing_acknowledged: {} of {}", storage.missing_acknowledged,
                       storage.acknowledged);
  }
  return storage.state == metrics::Storage::State::complete
             ? ""
             : "not counted to the end: " + storage.trouble;
}

}  // namespace

std::string junit(const metrics::RunRecord& run) {
  const metrics::Snapshot& last = run.last;
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node node = document.append_child("testsuites").append_child("testsuite");
  node.append_attribute("name") = clean("stresskit " + last.run_id).c_str();
  node.append_attribute("time") = fmt::format("{:.3f}", last.elapsed_s).c_str();
  node.append_attribute("timestamp") =
      time_text(last.started_at).substr(0, 19).replace(10, 1, "T").c_str();
  Suite suite(node);
  for (const ThresholdRow& row : last.thresholds) {
    suite.add(row.text, trouble(row));
  }
  suite.add("the ledger adds up", last.balanced ? "" : "devices and bursts disagree");
  const bool blamed = last.verdict.kind == metrics::VerdictKind::generator && last.balanced;
  suite.add("the generator kept up", blamed ? last.verdict.sentence : "");
  if (last.storage.state != metrics::Storage::State::off) {
    suite.add("everything acknowledged is stored", storage_trouble(last.storage));
  }
  suite.finish();
  std::string told = last.verdict.sentence + "\nwhat broke: " + broke_first_text(last);
  for (const std::string& gap : run.gaps) {
    told += "\nmissing: " + gap;
  }
  node.append_child("system-out").text().set(clean(told).c_str());
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace stresskit::report
