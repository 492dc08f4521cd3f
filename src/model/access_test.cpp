#include "model/access.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace tocsin::model {
namespace {

TEST(Access, TablesAreInTheOrderOfTheirNumbers) {
  for (std::size_t i = 0; i < kRoles; ++i) EXPECT_EQ(static_cast<std::size_t>(role_table()[i].role), i);
  for (std::size_t i = 0; i < kVerbs; ++i) EXPECT_EQ(static_cast<std::size_t>(verb_table()[i].verb), i);
}

TEST(Access, NamesAreReadBack) {
  for (const auto& row : role_table()) EXPECT_EQ(parse_role(row.name), row.role);
  for (const auto& row : verb_table()) EXPECT_EQ(parse_verb(row.name), row.verb);
  EXPECT_FALSE(parse_role("root"));
  EXPECT_FALSE(parse_verb(""));
}

// Each of these may all that the one before may.
TEST(Access, RolesOfTheQueueGrow) {
  const Role ladder[] = {Role::kViewer, Role::kResponder,   Role::kAnalyst,
                         Role::kSenior, Role::kTenantAdmin, Role::kAdmin};
  for (std::size_t i = 1; i < std::size(ladder); ++i) {
    const auto less = verbs_of(ladder[i - 1]);
    EXPECT_EQ(less & verbs_of(ladder[i]), less) << to_text(ladder[i]);
    EXPECT_NE(less, verbs_of(ladder[i])) << to_text(ladder[i]);
  }
}

TEST(Access, AuditorsChangeNothingAndIngestReadsNothing) {
  const auto auditor = verbs_of(Role::kAuditor);
  for (const auto verb :
       {Verb::kAlertsIngest, Verb::kAlertsTriage, Verb::kAlertsDecide, Verb::kIncidentsShape,
        Verb::kKnowledgeWrite, Verb::kFaultsRepair, Verb::kPeopleWrite, Verb::kTenantsWrite,
        Verb::kSettingsWrite, Verb::kDemo, Verb::kResponseApprove, Verb::kViewsShare})
    EXPECT_FALSE(auditor.test(static_cast<std::size_t>(verb))) << to_text(verb);
  EXPECT_TRUE(auditor.test(static_cast<std::size_t>(Verb::kAuditRead)));
  EXPECT_EQ(verbs_of(Role::kIngest).count(), 2U);  // public, alerts.ingest
}

TEST(Access, TheDocumentShowsTheTable) {
  std::ifstream in(TOCSIN_SOURCE_DIR "/docs/security/roles.md");
  const std::string document(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(document.find(roles_markdown()), std::string::npos) << roles_markdown();
}

}  // namespace
}  // namespace tocsin::model
