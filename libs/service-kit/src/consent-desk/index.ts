export * from './consent.entity.ts';
export * from './consent-desk.ts';
export * from './consent-register.ts';
export * from './consent-view.ts';
export * from './holdings.ts';
export * from './receipt-page.ts';
export * from './withdrawn-here.ts';
