trigger CosellOpportunity on Opportunity (before insert, before update, after insert, after update, after delete, after undelete) {
    CosellDealTrigger.run();
}
