trigger CosellContact on Contact (after update) {
    CosellPartyTrigger.run();
}
