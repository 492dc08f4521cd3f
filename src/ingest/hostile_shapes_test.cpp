// Deliveries that nobody sends by accident: what they cost, and what becomes of the good parts beside them.

#include <string>

#include "ingest/shapes_support.h"

namespace tocsin::ingest {
namespace {

using namespace shapes;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Each "=" once took a frame of the stack.
TEST(HostileShapes, AHashMadeOfEqualsSignsIsNoList) {
  const auto digest = std::string(64, 'a');
  const auto alert = read("ocsf", R"({"class_uid":2004,"category_uid":2,"time":1700000000000,"metadata":{},
    "finding_info":{"uid":"1","title":"t"},"evidences":[{"file":{"name":"x","hashes":[
    {"value":")" + repeated("a=", 500'000) +
                                      R"("},{"value":"SHA256=)" + digest + R"("}]}}]})");
  EXPECT_EQ(alert.iocs.size(), 1U);
  EXPECT_TRUE(has_ioc(alert, digest));
}

}  // namespace
}  // namespace tocsin::ingest
