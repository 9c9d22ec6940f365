trigger CosellContactRole on OpportunityContactRole (after insert, after update, after delete) {
    CosellPartyTrigger.run();
}
