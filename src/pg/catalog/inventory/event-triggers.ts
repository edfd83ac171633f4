import { functionName, type InventoryClass, sortedItems } from './inventory-class.ts'

export const eventTriggers = (): InventoryClass => ({
  catalog: 'pg_event_trigger',
  owner: 'x.evtowner',
  facts: { event: 'x.evtevent', enabled: 'x.evtenabled', tags: sortedItems('x.evttags'), function: functionName('x.evtfoid') },
})
